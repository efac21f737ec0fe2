"""The reader: from an issued document to a draft plan in which every duty stands beside its own words.

``sources`` turns a file into text, ``folding`` makes it comparable, ``outline`` finds its clauses, ``times`` its time
expressions, ``bodies`` its agencies, ``facts`` what its head and end say; ``duties`` puts them together. Nothing here
knows the register, a database or a network, and nothing is produced that has no place in the text.
"""
