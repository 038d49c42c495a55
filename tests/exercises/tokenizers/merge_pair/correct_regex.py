# approach: a regular expression over one private character for each different token
import re


def merge_pair(tokens, pair):
    code = {token: chr(0xE000 + i) for i, token in enumerate(dict.fromkeys([*tokens, *pair]))}
    names = {letter: token for token, letter in code.items()} | {"\uf000": pair[0] + pair[1]}
    text = re.sub(code[pair[0]] + code[pair[1]], "\uf000", "".join(map(code.get, tokens)))
    return [names[letter] for letter in text]
