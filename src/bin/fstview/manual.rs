// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pages of the manual: written from the declarations of the command, committed in `man`, and compared here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

/// The name of each page and its text.
fn pages() -> BTreeMap<String, String> {
    let mut command = crate::Arguments::command().disable_help_flag(true);
    command.build();
    let mut pages = BTreeMap::new();
    let mut names = Vec::new();
    for subcommand in command.get_subcommands() {
        let name = format!("fstview-{}", subcommand.get_name());
        let usage = format!("fstview {}", subcommand.get_name());
        let subcommand = subcommand.clone().display_name(&name).bin_name(usage);
        pages.insert(format!("{name}.1"), render(subcommand, "fstview(1)"));
        names.push(format!("{name}(1)"));
    }
    pages.insert("fstview.1".to_owned(), render(command, &format!("{}, fstview.h(3)", names.join(", "))));
    pages
}

/// One page. The version and the date of the build have no place in it: it is compared byte by byte.
fn render(command: clap::Command, see_also: &str) -> String {
    let command_has_parts = command.has_subcommands();
    let man = Man::new(command).section("1").manual("fstview").source("fstview").date("");
    let mut page = b".\\\" SPDX-License-Identifier: MIT OR Apache-2.0\n".to_vec();
    man.render_title(&mut page).unwrap();
    man.render_name_section(&mut page).unwrap();
    man.render_synopsis_section(&mut page).unwrap();
    man.render_description_section(&mut page).unwrap();
    man.render_options_section(&mut page).unwrap();
    if command_has_parts {
        man.render_subcommands_section(&mut page).unwrap();
    }
    page.extend_from_slice(
        b".SH \"EXIT STATUS\"\n.TP\n0\nAll is well.\n.TP\n1\nSomething in a file is wrong.\n.TP\n2\n\
          Wrong usage, a file that cannot be opened, or an output that cannot be written.\n",
    );
    page.extend_from_slice(format!(".SH \"SEE ALSO\"\n{see_also}\n").as_bytes());
    String::from_utf8(page).unwrap()
}

#[test]
fn the_pages_of_the_manual_are_those_of_the_command() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let write = std::env::var_os("FSTVIEW_WRITE_MANUAL").is_some();
    let pages = pages();
    assert!(pages.len() > 4, "{:?}", pages.keys());
    for (name, page) in &pages {
        let path = folder.join(name);
        if write {
            fs::write(&path, page).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == *page, "man/{name} is not what the command declares: run `make manual`");
    }
    let kept = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let unknown: Vec<_> = kept.filter(|name| name.ends_with(".1") && !pages.contains_key(name)).collect();
    assert!(unknown.is_empty(), "pages of no command: {unknown:?}");
}
