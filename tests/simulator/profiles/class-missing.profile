# MagInitialize returns TRUE, but the class is not there (S9).
class_missing = always
