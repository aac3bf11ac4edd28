//! A report as a Word document: what a bureau's archive can go on with. Page numbers and the index are fields that Word fills in.
mod official;

use docx_rs::{
    AlignmentType, BreakType, Docx, FieldCharType, Footer, Header, InstrNUMPAGES, InstrPAGE,
    InstrPAGEREF, InstrText, PageMargin, Paragraph, Pic, Run, RunFonts, Style, StyleType, Tab,
    TabLeaderType, TabValueType, Table, TableCell, TableRow, WidthType,
};

use super::{Block, Look, Picture, PrintFault, Report};

/// Half points.
const BODY: usize = 24;
/// Twentieths of a point: the width of the text on A4.
const WIDTH: usize = 8_790;

fn fonts() -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia("SimSun")
}
fn heads() -> RunFonts {
    RunFonts::new().ascii("Arial").hi_ansi("Arial").east_asia("SimHei")
}
fn line(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(text))
}
fn cell(text: &str, width: usize, head: bool) -> TableCell {
    let lines = text.lines().filter(|l| !l.trim().is_empty());
    let mut out = TableCell::new().width(width, WidthType::Dxa);
    let mut any = false;
    for l in lines {
        any = true;
        let run = Run::new().add_text(l);
        out = out.add_paragraph(Paragraph::new().add_run(if head {
            run.bold().fonts(heads())
        } else {
            run
        }));
    }
    if any { out } else { out.add_paragraph(Paragraph::new()) }
}

fn pairs(rows: &[(String, String)]) -> Table {
    let label = WIDTH / 4;
    let rows = rows
        .iter()
        .map(|(l, t)| TableRow::new(vec![cell(l, label, true), cell(t, WIDTH - label, false)]))
        .collect();
    Table::new(rows).set_grid(vec![label, WIDTH - label]).width(WIDTH, WidthType::Dxa)
}

fn table(names: &[String], rows: &[Vec<String>]) -> Table {
    let each = WIDTH / names.len().max(1);
    let mut all = vec![TableRow::new(names.iter().map(|h| cell(h, each, true)).collect())];
    all.extend(
        rows.iter().map(|r| TableRow::new(r.iter().map(|t| cell(t, each, false)).collect())),
    );
    Table::new(all).set_grid(vec![each; names.len()]).width(WIDTH, WidthType::Dxa)
}

/// English metric units in a centimetre.
const CM: u32 = 360_000;

/// A picture, 15 cm wide or 20 cm high at most, and its caption.
fn picture(doc: Docx, p: &Picture) -> Docx {
    let Some((bytes, w, h)) = p.for_word() else { return doc.add_paragraph(line(&p.caption)) };
    let (w, h) = (w.max(1), h.max(1));
    let wide = u64::from(15 * CM).min(u64::from(20 * CM) * u64::from(w) / u64::from(h));
    let high = wide * u64::from(h) / u64::from(w);
    let size = |n: u64| u32::try_from(n).unwrap_or(CM);
    let pic = Pic::new_with_dimensions(bytes, w, h).size(size(wide), size(high));
    doc.add_paragraph(middle(Run::new().add_image(pic)))
        .add_paragraph(middle(Run::new().size(20).color("5f6b7a").add_text(&p.caption)))
}

fn add(doc: Docx, block: &Block) -> Docx {
    match block {
        Block::Heading(title, note) => {
            let mut p = Paragraph::new().style("Heading2").add_run(Run::new().add_text(title));
            if !note.is_empty() {
                p = p.add_run(Run::new().size(20).color("5f6b7a").add_text(format!("　{note}")));
            }
            doc.add_paragraph(p)
        }
        Block::Text(text) => {
            text.lines().filter(|l| !l.trim().is_empty()).fold(doc, |d, l| d.add_paragraph(line(l)))
        }
        Block::Pairs(rows) => doc.add_table(pairs(rows)).add_paragraph(Paragraph::new()),
        Block::Table { heads, rows } => {
            doc.add_table(table(heads, rows)).add_paragraph(Paragraph::new())
        }
        Block::Pictures(all) => all.iter().fold(doc, picture),
        Block::Signatures(who) => who.iter().fold(doc, |d, w| {
            d.add_paragraph(line(&format!(
                "{w}：____________________　________ 年 ____ 月 ____ 日"
            )))
        }),
    }
}

fn bookmark(section: usize) -> String {
    format!("section_{}", section + 1)
}

/// A line of the index: the title, dots, the page as a field of its own, which every word processor fills in.
fn index_line(section: usize, title: &str) -> Paragraph {
    let page = Run::new()
        .add_tab()
        .add_field_char(FieldCharType::Begin, true)
        .add_instr_text(InstrText::PAGEREF(InstrPAGEREF::new(bookmark(section)).hyperlink()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("…")
        .add_field_char(FieldCharType::End, false);
    let stop = Tab::new().val(TabValueType::Right).leader(TabLeaderType::Dot).pos(WIDTH);
    Paragraph::new()
        .add_tab(stop)
        .add_run(Run::new().add_text(format!("{}. {title}", section + 1)))
        .add_run(page)
}

fn style(id: &str, name: &str, size: usize, level: usize) -> Style {
    Style::new(id, StyleType::Paragraph)
        .name(name)
        .size(size)
        .bold()
        .fonts(heads())
        .outline_lvl(level)
}

/// A field that Word fills in: the page, or how many there are.
fn field(run: Run, instruction: InstrText) -> Run {
    run.add_field_char(FieldCharType::Begin, false)
        .add_instr_text(instruction)
        .add_field_char(FieldCharType::Separate, false)
        .add_text("1")
        .add_field_char(FieldCharType::End, false)
}

fn middle(run: Run) -> Paragraph {
    Paragraph::new().align(AlignmentType::Center).add_run(run)
}

fn foot(report: &Report) -> Footer {
    let code = report.check_code();
    let said = if code.is_empty() {
        report.foot.clone()
    } else {
        format!("{}　{} {code}", report.foot, report.check)
    };
    let small = || Run::new().size(18);
    let line = middle(small().add_text(format!("{said}　")))
        .add_run(field(small(), InstrText::PAGE(InstrPAGE::new())))
        .add_run(small().add_text(" / "))
        .add_run(field(small(), InstrText::NUMPAGES(InstrNUMPAGES::new())));
    Footer::new().add_paragraph(line)
}

/// Title, cover and index of a file; title and facts of a plain report.
fn opening(doc: Docx, report: &Report) -> Docx {
    let break_page = || Paragraph::new().add_run(Run::new().add_break(BreakType::Page));
    let file = report.look == Look::File;
    let size = if file { 44 } else { 36 };
    let mut doc = doc
        .add_paragraph(middle(Run::new().size(size).bold().fonts(heads()).add_text(&report.title)))
        .add_paragraph(middle(Run::new().size(28).add_text(&report.subtitle)))
        .add_paragraph(Paragraph::new());
    if !report.cover.is_empty() {
        doc = doc.add_table(pairs(&report.cover)).add_paragraph(Paragraph::new());
    }
    if !report.index.is_empty() {
        if file {
            doc = doc.add_paragraph(break_page());
        }
        let head = Run::new().size(32).bold().fonts(heads()).add_text(&report.index);
        doc = doc.add_paragraph(middle(head));
        for (n, section) in report.sections.iter().enumerate() {
            doc = doc.add_paragraph(index_line(n, &section.title));
        }
    }
    doc
}

/// The report as a docx file.
///
/// # Errors
/// When the document cannot be packed.
pub fn print(report: &Report) -> Result<Vec<u8>, PrintFault> {
    let doc = match &report.look {
        Look::Official(o) => official::print(report, o),
        Look::File | Look::Plain => sheets(report),
    };
    let mut out = std::io::Cursor::new(Vec::new());
    doc.build().pack(&mut out).map_err(|e| PrintFault::Broken(e.to_string()))?;
    Ok(out.into_inner())
}

fn sheets(report: &Report) -> Docx {
    let mut doc = Docx::new()
        .page_margin(PageMargin::new().top(1_701).bottom(1_417).left(1_587).right(1_474))
        .default_fonts(fonts())
        .default_size(BODY)
        .add_style(style("Heading1", "heading 1", 32, 0))
        .add_style(style("Heading2", "heading 2", 26, 1))
        .footer(foot(report));
    if !report.head.is_empty() {
        let head = Run::new().size(18).color("5f6b7a").add_text(&report.head);
        doc = doc.header(Header::new().add_paragraph(middle(head)));
    }
    doc = opening(doc, report);
    for (n, section) in report.sections.iter().enumerate() {
        if !section.title.is_empty() {
            doc = doc.add_paragraph(
                Paragraph::new()
                    .style("Heading1")
                    .page_break_before(report.look == Look::File)
                    .add_bookmark_start(n + 1, bookmark(n))
                    .add_run(Run::new().add_text(&section.title))
                    .add_bookmark_end(n + 1),
            );
        }
        if section.blocks.is_empty() {
            doc = doc.add_paragraph(line(&report.nothing));
        }
        for block in &section.blocks {
            doc = add(doc, block);
        }
    }
    doc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Section;

    #[test]
    fn a_document_holds_every_section_in_order() {
        let section = |title: &str, text: &str| Section {
            title: title.into(),
            blocks: vec![Block::Text(text.into())],
        };
        let report = Report {
            title: "个案档案".into(),
            subtitle: "2026-001".into(),
            index: "目录".into(),
            sections: vec![section("接案", "第一段"), section("预估", "第二段")],
            ..Report::default()
        };
        let bytes = print(&report).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml)
            .unwrap();
        // The index names every section first.
        let at = |t: &str| xml.rfind(t).unwrap();
        assert!(
            at("接案") < at("第一段") && at("第一段") < at("预估") && at("预估") < at("第二段")
        );
    }
}
