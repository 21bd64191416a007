# MagSetImageScalingCallback returns FALSE.
callback_false = always
