"""Time expressions: the written grammar, what it finds, and what a whole sentence makes of it.

``grammar`` holds the patterns over folded text, ``atoms`` finds them, ``prefixes`` the words in front ("trước", "chậm
nhất"), ``reading`` joins what belongs together within a sentence ("Định kỳ hằng tháng … trước ngày 16").
"""
