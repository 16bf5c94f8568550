//! The language of the command line, known before the arguments are parsed: help speaks it too.

use std::ffi::OsString;
use std::sync::OnceLock;

use facility_audit::words::Lang;

static LANG: OnceLock<Lang> = OnceLock::new();

/// Chooses the language from `--lang`, else from the system; Chinese if unsure.
pub fn choose(args: impl Iterator<Item = OsString>) -> Lang {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let after = args.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1].clone());
    let joined = || args.iter().find_map(|arg| arg.strip_prefix("--lang=").map(str::to_owned));
    let wanted = after.or_else(joined).or_else(sys_locale::get_locale).unwrap_or_default();
    let lang = Lang::from_locale(&wanted);
    *LANG.get_or_init(|| lang)
}

/// One of two texts, in the language chosen.
pub fn say(zh: &'static str, en: &'static str) -> &'static str {
    LANG.get().copied().unwrap_or_default().pick(zh, en)
}
