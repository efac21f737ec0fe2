"""Official letters: from frozen values to a .docx and a .pdf in the form of Nghị định 30/2020/NĐ-CP."""
