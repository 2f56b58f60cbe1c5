# SPDX-License-Identifier: MIT OR Apache-2.0
"""The wheel: the modules in python, the shared library beside it where the module looks first, and the command.

Library and command are built by cargo, or taken from the folder that FSTVIEW_BUILT names. The module knows no version of
Python: one wheel serves all of them on one kind of machine.
"""

import os
import re
import shutil
import subprocess

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

ROOT = os.path.dirname(os.path.abspath(__file__))


def first_match(name, pattern):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return re.search(pattern, file.read(), re.MULTILINE)[1]


VERSION = first_match('Cargo.toml', r'^version = "(.*)"$')
ABI = first_match('include/fstview.h', r'^#define FST_ABI_VERSION (\d+)$')


def built():
    """The folder with the library and the command."""
    given = os.environ.get('FSTVIEW_BUILT')
    return given or os.path.join(os.environ.get('CARGO_TARGET_DIR', os.path.join(ROOT, 'target')), 'release')


class Build(build_py):
    def run(self):
        super().run()
        if not os.environ.get('FSTVIEW_BUILT'):
            try:
                subprocess.run([os.environ.get('CARGO', 'cargo'), 'build', '--release', '--locked'], cwd=ROOT, check=True)
            except FileNotFoundError:
                raise SystemExit(
                    'fstview is written in Rust, and cargo is missing: install Rust (https://rustup.rs), or set '
                    'FSTVIEW_BUILT to a folder with libfstview.so and the command fstview'
                ) from None
        shutil.copyfile(
            os.path.join(built(), 'libfstview.so'), os.path.join(self.build_lib, f'libfstview.so.{ABI}')
        )
        # Not before: a source distribution has no command.
        self.distribution.data_files = [('bin', [os.path.join(built(), 'fstview')])]


class Wheel(bdist_wheel):
    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return 'py3', 'none', super().get_tag()[2]


setup(
    version=VERSION,
    package_dir={'': 'python'},
    py_modules=['fstview', 'fstview_xarray'],
    cmdclass={'build_py': Build, 'bdist_wheel': Wheel},
)
