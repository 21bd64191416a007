# One more callback comes while the control is being destroyed.
callback_in_destroy = always
