//! Everything a reader sees exists in Chinese and in English.
//!
//! A message is built once, in both languages, where its facts are at hand: [`Words::new`] takes
//! both texts, so that the compiler refuses a message that lacks one. Printing picks the language
//! at the very end.

use std::fmt;

/// The language a reader asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese, the default: the users read Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks one of two texts that mean the same.
    ///
    /// ```
    /// use facility_audit::words::Lang;
    /// assert_eq!(Lang::Zh.pick("达标", "met"), "达标");
    /// ```
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The language of a locale name such as `zh_CN.UTF-8` or `en-GB`; Chinese when unsure.
    pub fn from_locale(locale: &str) -> Lang {
        if locale.to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
    }
}

/// A count with its English noun: `1 row`, `3 rows`.
///
/// ```
/// assert_eq!(facility_audit::words::counted(1, "row"), "1 row");
/// assert_eq!(facility_audit::words::counted(0, "row"), "0 rows");
/// ```
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// One message in both languages; [`fmt::Display`] prints the English.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

impl Words {
    /// A message from its two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }

    /// The same text in both languages: a name, a title, a number.
    pub fn same(text: impl Into<String>) -> Words {
        let text = text.into();
        Words { zh: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Several messages as one list, joined by `；` and `; `.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Words>) -> Words {
        let parts: Vec<&Words> = parts.into_iter().collect();
        let all = |pick: fn(&Words) -> &str, separator: &str| {
            let texts: Vec<&str> = parts.iter().map(|part| pick(part)).collect();
            texts.join(separator)
        };
        Words { zh: all(|part| &part.zh, "；"), en: all(|part| &part.en, "; ") }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_that_is_not_english_reads_chinese() {
        assert_eq!(Lang::from_locale("en_GB.UTF-8"), Lang::En);
        assert_eq!(Lang::from_locale("zh-CN"), Lang::Zh);
        assert_eq!(Lang::from_locale("C"), Lang::Zh);
        assert_eq!(Lang::from_locale(""), Lang::Zh);
    }

    #[test]
    fn a_list_of_messages_is_punctuated_in_each_language() {
        let list = [Words::new("一", "one"), Words::new("二", "two")];
        assert_eq!(Words::join(&list), Words::new("一；二", "one; two"));
    }
}
