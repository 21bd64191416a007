# FreeLibrary really unloads the DLL, with its class and its ledger. By default it
# stays, so that one process has one ledger.
pin = no
