//! Errors as the user sees them, on standard error, ending the program with 2.

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use facility_audit::words::Lang;
use facility_audit::{Diagnostic, Error};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};

/// Reports what stopped the run.
pub fn report(error: &anyhow::Error, lang: Lang) -> ExitCode {
    match error.downcast_ref::<Error>() {
        Some(Error::Diagnostics(all)) => {
            for diagnostic in all {
                super::complain(&draw(diagnostic, lang));
            }
            let count = all.len();
            super::complain(&format!("{}{count}\n", lang.pick("错误数：", "mistakes: ")));
        }
        Some(error) => complain_of(error.words().in_lang(lang), lang),
        None => complain_of(&format!("{error:#}"), lang),
    }
    ExitCode::from(2)
}

fn complain_of(what: &str, lang: Lang) {
    super::complain(&format!("{}{what}\n", lang.pick("错误：", "error: ")));
}

/// A mistake in a text file, with the line it stands in.
fn draw(diagnostic: &Diagnostic, lang: Lang) -> String {
    let (line, column) = diagnostic.position();
    let message = diagnostic.words.in_lang(lang);
    let mut shown =
        MietteDiagnostic::new(format!("{}:{line}:{column}: {message}", diagnostic.file))
            .with_label(LabeledSpan::at(diagnostic.span.clone(), message));
    if let Some(help) = &diagnostic.help {
        shown = shown.with_help(help.in_lang(lang));
    }
    let source = NamedSource::new(&diagnostic.file, diagnostic.text.to_string());
    let report = miette::Report::new(shown).with_source_code(source);
    let mut text = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    match handler.render_report(&mut text, report.as_ref()) {
        Ok(()) => text,
        Err(_) => format!("{diagnostic}\n"),
    }
}

/// Reports arguments that make no sense; help and version are no errors.
pub fn usage(error: &clap::Error, lang: Lang) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = error.render().to_string();
        let text = match lang {
            Lang::Zh => text.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>"),
            Lang::En => text,
        };
        let _ = super::print(&format!("{}\n", text.trim_end()));
        return ExitCode::SUCCESS;
    }
    match lang {
        Lang::En => super::complain(&error.render().to_string()),
        Lang::Zh => complain_of(&format!("{}\n用 --help 查看用法", in_chinese(error)), lang),
    }
    ExitCode::from(2)
}

fn in_chinese(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map_or(String::new(), |value| value.to_string());
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| error.get(kind))
            .map_or(String::new(), |near| format!("；是否指 {near}？"));
    match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识的参数 {argument}{near}"),
        ErrorKind::InvalidSubcommand => {
            format!("不认识的命令 {}{near}", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 缺少值"),
        ErrorKind::InvalidValue => {
            let accepted = context(ContextKind::ValidValue);
            format!("{argument} 不接受“{value}”；可用：{accepted}{near}")
        }
        ErrorKind::ValueValidation => format!("{argument} 不接受“{value}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同用", context(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少命令；facility-audit --help 列出全部".to_owned()
        }
        _ => error.to_string(),
    }
}
