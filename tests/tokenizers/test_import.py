import subprocess
import sys


def test_importing_the_tokenizers_loads_neither_torch_nor_numpy():
    program = "import sys, lmkit.tokenizers; print(sorted({'torch', 'numpy', 'tokenizers', 'tqdm'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
