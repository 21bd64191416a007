# The header says 32bppBGRA.
format = bgra
