# Calls of a foreign thread are carried out by the owner as soon as it takes messages
# (1.6b: SendMessage), where the default refuses them (10.2).
thread = any
