//! An official document in Word, by the measures of GB/T 9704-2012: margins 37/35/28/26 mm, 28 pt lines, text of size 3 (16 pt) in FangSong.
use docx_rs::{
    AlignmentType, BorderType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing,
    LineSpacingType, PageMargin, Paragraph, ParagraphBorder, ParagraphBorderPosition,
    ParagraphBorders, Run, RunFonts, SpecialIndentType,
};

use super::super::{Block, Official, Report};
use super::{add, style};

/// The red of the masthead and its line.
const RED: &str = "c00000";
/// Twice the size of the text in half points: two signs, in twentieths of a point.
const TWO: i32 = 640;

fn fang(size: usize) -> Run {
    Run::new().size(size).fonts(
        RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia("FangSong"),
    )
}
fn title(size: usize) -> Run {
    Run::new().size(size).bold().fonts(RunFonts::new().ascii("Times New Roman").east_asia("SimSun"))
}
fn line() -> Paragraph {
    Paragraph::new().line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(560))
}
fn border(p: Paragraph, color: &str, size: usize, at: ParagraphBorderPosition) -> Paragraph {
    p.set_borders(
        ParagraphBorders::with_empty()
            .set(ParagraphBorder::new(at).val(BorderType::Single).size(size).color(color)),
    )
}

/// The document.
pub(super) fn print(report: &Report, o: &Official) -> Docx {
    let page = fang(28)
        .add_text("— ")
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("1")
        .add_field_char(FieldCharType::End, false)
        .add_text(" —");
    let number = Paragraph::new().align(AlignmentType::Right).add_run(page);
    let mut doc = Docx::new()
        .page_margin(
            PageMargin::new().top(2_098).bottom(1_984).left(1_587).right(1_474).footer(1_587),
        )
        .default_size(32)
        .default_fonts(
            RunFonts::new()
                .ascii("Times New Roman")
                .hi_ansi("Times New Roman")
                .east_asia("FangSong"),
        )
        .add_style(style("Heading2", "heading 2", 32, 1))
        .footer(Footer::new().add_paragraph(number));
    for mark in &o.marks {
        doc = doc.add_paragraph(line().add_run(fang(32).add_text(mark)));
    }
    let signer =
        if o.signer.is_empty() { String::new() } else { format!("　　签发人：{}", o.signer) };
    let under = line()
        .align(AlignmentType::Center)
        .add_run(fang(32).add_text(format!("{}{signer}", o.number)));
    doc = doc
        .add_paragraph(Paragraph::new())
        .add_paragraph(
            Paragraph::new()
                .align(AlignmentType::Center)
                .add_run(title(72).color(RED).add_text(&o.mast)),
        )
        .add_paragraph(border(under, RED, 12, ParagraphBorderPosition::Bottom))
        .add_paragraph(line())
        .add_paragraph(
            Paragraph::new()
                .align(AlignmentType::Center)
                .add_run(title(44).add_text(&report.title)),
        )
        .add_paragraph(line());
    if !o.to.is_empty() {
        doc = doc.add_paragraph(line().add_run(fang(32).add_text(format!("{}：", o.to))));
    }
    let indented = |run: Run| {
        line().indent(None, Some(SpecialIndentType::FirstLine(TWO)), None, None).add_run(run)
    };
    for section in &report.sections {
        if !section.title.is_empty() {
            let head =
                Run::new().size(32).fonts(RunFonts::new().ascii("Arial").east_asia("SimHei"));
            doc = doc.add_paragraph(indented(head.add_text(&section.title)));
        }
        for block in &section.blocks {
            doc = match block {
                Block::Text(text) => text
                    .lines()
                    .filter(|l| !l.trim().is_empty())
                    .fold(doc, |d, l| d.add_paragraph(indented(fang(32).add_text(l)))),
                other => add(doc, other),
            };
        }
    }
    for (n, name) in o.attached.iter().enumerate() {
        let said = match (n, o.attached.len()) {
            (0, 1) => format!("附件：{name}"),
            (0, _) => format!("附件：1．{name}"),
            _ => format!("　　　{}．{name}", n + 1),
        };
        doc = doc.add_paragraph(indented(fang(32).add_text(said)));
    }
    doc = doc.add_paragraph(line());
    for (said, from_right) in [(&o.from, 4), (&o.day, 4)] {
        let end =
            line().align(AlignmentType::Right).indent(None, None, Some(from_right * TWO / 2), None);
        doc = doc.add_paragraph(end.add_run(fang(32).add_text(said)));
    }
    if !o.note.is_empty() {
        doc = doc.add_paragraph(indented(fang(32).add_text(format!("（{}）", o.note))));
    }
    if !o.copies.is_empty() {
        let p = line().add_run(fang(28).add_text(format!("抄送：{}。", o.copies)));
        doc = doc.add_paragraph(border(p, "000000", 6, ParagraphBorderPosition::Top));
    }
    if !o.printed_by.is_empty() {
        let said = format!("{}　　{}印发", o.printed_by, o.printed_on);
        let p = line().add_run(fang(28).add_text(said));
        doc = doc.add_paragraph(border(p, "000000", 8, ParagraphBorderPosition::Bottom));
    }
    doc
}
