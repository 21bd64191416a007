# What the facts support best: every key has its default (S1 to S8).
