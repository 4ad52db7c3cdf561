"""The runner of pages finds what is wrong with one."""
# SPDX-License-Identifier: BSD-3-Clause
import sys

from harness import main
from pages import follow

GOOD = """# A page

```sh
mkdir deep && cd deep
export WORD=hello
```

Write `a/b.txt`:

```toml
word = "hello"
number = 12
```

```sh
echo "first"; echo "$WORD  world, in 12.5 ms, with the id $$"
```

prints

```text
hello world, in 3.2 ms, with the id …
```

<!-- run
echo more > unseen
-->

```sh
cat unseen a/b.txt
recorte --version
```

where

```toml
…
number = …
```

<!-- fails -->
```sh
test 1 = 2
```

<!-- skip -->
```sh
false
```
"""

WRONG = {
    "a command that fails": ('echo "first"', 'echo "first"; false', "this failed"),
    "a pipe that fails": ('echo "first"', 'false | cat', "this failed"),
    "one that does not fail": ("test 1 = 2", "test 1 = 1", "was to fail"),
    "other output": ("hello world, in", "good-bye world, in", "not printed"),
    "a number that is no time": ("in 3.2 ms", "in 3.2 years", "not printed"),
    "a quotation of no file": ("number = …", "nummer = …", "no file has these lines"),
    "an export that is gone": ("export WORD=hello", "WORD=other", "not printed"),
}


def a_page_that_is_right_is_followed(tmp):
    (tmp / "page.md").write_text(GOOD)
    follow(tmp / "page.md", tmp)


def what_is_wrong_with_a_page_is_found(tmp):
    for number, (what, (right, wrong, complaint)) in enumerate(WRONG.items()):
        directory = tmp / str(number)
        directory.mkdir()
        assert right in GOOD
        (directory / "page.md").write_text(GOOD.replace(right, wrong))
        try:
            follow(directory / "page.md", directory)
        except AssertionError as error:
            assert complaint in str(error) and "page.md:" in str(error), error
        else:
            raise AssertionError(f"not found: {what}")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
