import os
import sys

import pytest

from abcgen.support.programs import ProgramError, output_of


def test_a_real_program_that_fails_or_hangs() -> None:
    def run_python(script: str, limit: float = 60.0) -> str:
        return output_of([sys.executable, "-c", script], limit=limit)

    with pytest.raises(ProgramError, match=r"took longer than 0\.1 seconds"):
        run_python("import time; time.sleep(60)", limit=0.1)
    with pytest.raises(ProgramError, match="failed with code 1: so it is"):
        run_python("import sys; sys.exit('so it is')")
    if os.name == "posix":
        with pytest.raises(ProgramError, match="was ended by signal 9"):
            run_python("import os; os.kill(os.getpid(), 9)")
