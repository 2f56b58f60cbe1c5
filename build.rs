// SPDX-License-Identifier: MIT OR Apache-2.0
//! Generates the C header into `OUT_DIR` and gives the shared library its name.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The files that make up the C ABI, in the order in which the header shows them.
const ABI: [&str; 10] =
    ["types", "file", "record", "grid", "index", "view", "dlpack", "version", "dates", "codes"];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets the manifest directory"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets the output directory"));
    let sources = ABI.map(|name| root.join("src/ffi").join(name).with_extension("rs"));

    let config_file = root.join("cbindgen.toml");
    let mut config = cbindgen::Config::from_file(&config_file).expect("cbindgen.toml is readable");
    config.after_includes = Some(format!("{}\n{}", versions(), config.after_includes.unwrap_or_default()));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in &sources {
        builder = builder.with_src(source);
        println!("cargo:rerun-if-changed={}", source.display());
    }
    println!("cargo:rerun-if-changed={}", config_file.display());
    println!("cargo:rerun-if-changed=build.rs");
    let header = out.join("fstview.h");
    let mut text = Vec::new();
    builder.generate().expect("the C ABI can be expressed in C").write(&mut text);
    fs::write(&header, text).expect("the output directory is writable");
    println!("cargo:rustc-env=FSTVIEW_GENERATED_HEADER={}", header.display());

    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        let version = abi_version(&root.join("src/ffi/version.rs"));
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libfstview.so.{version}");
        // Thread-local destructors of ours may run after a dlclose.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}

/// The version macros of the header.
fn versions() -> String {
    let part = |name: &str| env::var(format!("CARGO_PKG_VERSION_{name}")).expect("cargo sets the version");
    format!(
        "/* Version of this header. */\n#define FST_VERSION_MAJOR {}\n#define FST_VERSION_MINOR {}\n#define FST_VERSION_PATCH {}\n",
        part("MAJOR"),
        part("MINOR"),
        part("PATCH")
    )
}

/// The number in the line that defines `FST_ABI_VERSION`.
fn abi_version(source: &Path) -> u32 {
    let text = fs::read_to_string(source).expect("src/ffi/version.rs is readable");
    let line = text.lines().find(|line| line.contains("pub const FST_ABI_VERSION")).expect("an ABI version");
    let digits = line.rsplit('=').next().unwrap_or_default().trim_matches([' ', ';']);
    digits.parse().expect("the ABI version is a number")
}
