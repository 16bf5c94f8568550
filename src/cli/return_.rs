//! `return`: annotated copies of the senders' own workbooks.

use std::path::{Path, PathBuf};

use facility_audit::Error;
use facility_audit::report::{Returned, load, replace, returned};
use facility_audit::source::read;
use facility_audit::words::Lang;

use super::Verdict;
use super::language::say;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "RUN", help = say("audit 写出的运行文件夹", "the run folder that audit wrote"))]
    run: PathBuf,
    #[arg(long, value_name = "DIR", help = say("原文件所在的文件夹；不写则用核查时的路径", "the folder of the original files; the paths of the run when left out"))]
    from: Option<PathBuf>,
    #[arg(long, value_name = "DIR", help = say("写到这个文件夹；默认 RUN/退回核对", "where to write; RUN/退回核对 by default"))]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, lang: Lang) -> anyhow::Result<Verdict> {
    let (audit, _) = load(&args.run)?;
    let folder = args.out.clone().unwrap_or_else(|| args.run.join("退回核对"));
    let all = returned(&audit, lang);
    if all.iter().all(|one| one.marks.is_empty()) {
        super::print(say("没有需要退回核对的内容\n", "nothing to send back\n"))?;
        return Ok(Verdict::Fine);
    }
    for one in all.iter().filter(|one| !one.marks.is_empty()) {
        let path = original(one, args.from.as_deref());
        let file = read(&path, None)?;
        if file.sha256 != one.sha256 {
            let path = path.display();
            return Err(Error::refused(
                format!("{path}：与核查时的内容不同（校验值不符）；请用 --from 指明原文件所在的文件夹，或重新核查"),
                format!("{path}: not what was audited (its hash differs); name the folder of the originals with --from, or audit again"),
            )
            .into());
        }
        let bytes = std::fs::read(&path).map_err(Error::read(&path))?;
        let made = one.workbook(file.format, &bytes, &file.grids, lang).map_err(Error::Refused)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let suffix = say("退回核对", "to_check");
        let ending = match path.extension() {
            Some(end) if file.format == "xlsx" && !end.eq_ignore_ascii_case("xls") => {
                end.to_string_lossy().into_owned()
            }
            _ => "xlsx".to_owned(),
        };
        let target = folder.join(format!("{}_{suffix}.{ending}", stem.unwrap_or_default()));
        replace(&target, &made)?;
        let count = one.marks.len();
        super::print(&match lang {
            Lang::Zh => format!("已写：{}（{count} 条意见）\n", target.display()),
            Lang::En => format!("written: {} ({count} remarks)\n", target.display()),
        })?;
    }
    Ok(Verdict::Fine)
}

/// Where the file that was audited stands.
fn original(one: &Returned, from: Option<&Path>) -> PathBuf {
    match from {
        Some(folder) => folder.join(&one.file),
        None => PathBuf::from(&one.path),
    }
}
