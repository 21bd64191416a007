# MagSetWindowSource never succeeds.
source_false = always
