"""The rules of section 5 that need the whole file: each module judges one family and reports into the reading."""
