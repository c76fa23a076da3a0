"""Facts as files for somebody outside: dataclasses in, bytes out. Each kind has its layout beside it, in Typst."""
