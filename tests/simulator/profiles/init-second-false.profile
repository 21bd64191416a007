# A second MagInitialize of the same process returns FALSE (S2 leaves it open).
second_init = false
