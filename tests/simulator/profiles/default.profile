# What the facts support best: every key has its default.
# magnification-api.md sections 1, 2, 4, 5 and S1 to S8.
