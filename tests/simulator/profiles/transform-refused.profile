# MagSetWindowTransform returns FALSE.
transform_false = always
