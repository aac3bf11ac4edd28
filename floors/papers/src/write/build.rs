//! Sheets laid out: origin and title, headings, example, rows, receipt.
use kernel::Day;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook as Book, Worksheet, XlsxError,
};

use super::{Column, Kind, Row, Sheet, Value, Workbook};
use crate::table::EPOCH_SERIAL;
use crate::{EXAMPLE, RECEIPT, ROW_ID};

/// The sheet that holds the choices of drop-downs; hidden.
const CHOICES: &str = "选项";
/// Excel's calendar is wrong before 1900-03-01, so earlier days are written as text.
const FIRST_SERIAL: i32 = 61;
/// Whole numbers beyond this would be rounded, so they are written as text.
const EXACT: u64 = 999_999_999_999_999;

pub(super) fn xlsx(book: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut out = Book::new();
    let made = ExcelDateTime::from_ymd(
        u16::try_from(book.made_on.year()).unwrap_or(1970),
        u8::try_from(book.made_on.month()).unwrap_or(1),
        u8::try_from(book.made_on.day_of_month()).unwrap_or(1),
    )?;
    out.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let mut choices = Choices::default();
    for sheet in &book.sheets {
        let filled = lay_out(sheet, book.watermark.as_deref(), &mut choices)?;
        out.push_worksheet(filled);
    }
    if !book.guide.is_empty() {
        let mut guide = Worksheet::new();
        guide.set_name("说明")?.set_column_width(0, 100)?;
        let lines = book.watermark.iter().chain(&book.guide);
        for (row, line) in (0..).zip(lines) {
            guide.write_string_with_format(row, 0, line, &Format::new().set_text_wrap())?;
        }
        out.push_worksheet(guide);
    }
    if let Some(sheet) = choices.sheet()? {
        out.push_worksheet(sheet);
    }
    out.save_to_buffer()
}

/// Choices gather on a hidden sheet, because a list inside a validation may have 255 characters only.
#[derive(Default)]
struct Choices(Vec<Vec<String>>);

impl Choices {
    /// The range that holds these choices.
    fn range(&mut self, list: &[String]) -> Formula {
        let column = self.0.iter().position(|l| l == list).unwrap_or_else(|| {
            self.0.push(list.to_vec());
            self.0.len() - 1
        });
        let letters = rust_xlsxwriter::utility::column_number_to_name(
            u16::try_from(column).unwrap_or(u16::MAX),
        );
        Formula::new(format!("={CHOICES}!${letters}$1:${letters}${}", list.len().max(1)))
    }
    fn sheet(&self) -> Result<Option<Worksheet>, XlsxError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut sheet = Worksheet::new();
        sheet.set_name(CHOICES)?.set_hidden(true);
        for (column, list) in (0..).zip(&self.0) {
            for (row, choice) in (0..).zip(list) {
                sheet.write_string(row, column, choice)?;
            }
        }
        Ok(Some(sheet))
    }
}

fn lay_out(
    sheet: &Sheet,
    watermark: Option<&str>,
    choices: &mut Choices,
) -> Result<Worksheet, XlsxError> {
    let mut out = Worksheet::new();
    out.set_name(safe_name(&sheet.name))?;
    let last = u16::try_from(sheet.columns.len()).unwrap_or(u16::MAX);
    let mut row = 0;
    if let Some(mark) = watermark {
        banner(
            &mut out,
            row,
            last,
            mark,
            &Format::new().set_bold().set_font_color(Color::RGB(0xB3_26_1E)),
        )?;
        // `&` begins a code in a page header, so it is doubled.
        out.set_header(format!("&C{}", mark.replace('&', "&&")));
        row += 1;
    }
    for (i, line) in sheet.title.iter().enumerate() {
        let size = if i == 0 { 16 } else { 11 };
        let format =
            Format::new().set_align(FormatAlign::Center).set_font_size(size).set_text_wrap();
        banner(&mut out, row, last, line, &if i == 0 { format.set_bold() } else { format })?;
        row += 1;
    }
    headings(&mut out, row, &sheet.columns)?;
    out.set_freeze_panes(row + 1, 0)?;
    let first = row + 1;
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let filled = rows.saturating_add(u32::from(sheet.example.is_some())).max(sheet.blank_rows);
    validations(&mut out, first, filled, &sheet.columns, choices)?;
    row = first;
    if let Some(example) = &sheet.example {
        example_row(&mut out, row, example)?;
        row += 1;
    }
    let formats: Vec<Format> =
        sheet.columns.iter().map(|c| format_of(&c.kind).set_border(FormatBorder::Thin)).collect();
    for data in &sheet.rows {
        data_row(&mut out, row, data, &formats)?;
        row += 1;
    }
    for line in &sheet.receipt {
        out.write_string_with_format(
            row,
            1,
            format!("{RECEIPT} {line}"),
            &Format::new().set_font_color(Color::Gray),
        )?;
        row += 1;
    }
    out.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    out.set_footer("&C第 &P 页 共 &N 页");
    Ok(out)
}

/// A line across all visible columns.
fn banner(
    out: &mut Worksheet,
    row: u32,
    last: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if last > 1 {
        out.merge_range(row, 1, row, last, text, format)?;
    } else {
        out.write_string_with_format(row, 1, text, format)?;
    }
    Ok(())
}

fn headings(out: &mut Worksheet, row: u32, columns: &[Column]) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_background_color(Color::RGB(0xDC_E6_F1));
    out.write_string_with_format(row, 0, ROW_ID, &format)?;
    out.set_column_format(0, &format_of(&Kind::Text))?.set_column_hidden(0)?;
    for (column, c) in (1..).zip(columns) {
        out.set_column_width(column, c.width)?.set_column_format(column, &format_of(&c.kind))?;
        let (text, format) = if c.required {
            (format!("{}*", c.heading), format.clone().set_font_color(Color::RGB(0xB3_26_1E)))
        } else {
            (c.heading.clone(), format.clone())
        };
        out.write_string_with_format(row, column, text, &format)?;
        if let Some(note) = &c.note {
            out.insert_note(row, column, &Note::new(note).add_author_prefix(false))?;
        }
    }
    Ok(())
}

fn validations(
    out: &mut Worksheet,
    first: u32,
    rows: u32,
    columns: &[Column],
    choices: &mut Choices,
) -> Result<(), XlsxError> {
    if rows == 0 {
        return Ok(());
    }
    for (column, c) in (1..).zip(columns) {
        let Kind::Choice(list) = &c.kind else { continue };
        let rule = DataValidation::new()
            .allow_list_formula(choices.range(list))
            .ignore_blank(!c.required)
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title("请从下拉列表中选择")?;
        out.add_data_validation(first, column, first + rows - 1, column, &rule)?;
    }
    Ok(())
}

/// The example is text throughout: it begins with its mark, and nothing in it may be counted.
fn example_row(out: &mut Worksheet, row: u32, cells: &[Value]) -> Result<(), XlsxError> {
    let grey = Format::new()
        .set_font_color(Color::Gray)
        .set_italic()
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xF2_F2_F2))
        .set_num_format("@");
    out.write_string_with_format(row, 0, EXAMPLE, &grey)?;
    for (column, value) in (1..).zip(cells) {
        let text =
            if column == 1 { format!("{EXAMPLE}：{}", value.plain()) } else { value.plain() };
        out.write_string_with_format(row, column, text, &grey)?;
    }
    Ok(())
}

fn data_row(
    out: &mut Worksheet,
    row: u32,
    data: &Row,
    formats: &[Format],
) -> Result<(), XlsxError> {
    if let Some(id) = &data.id {
        out.write_string(row, 0, id)?;
    }
    for ((column, value), format) in (1..).zip(&data.cells).zip(formats) {
        put(out, row, column, value, format)?;
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whole numbers and fen up to 15 digits are exact in a float, longer ones go as text"
)]
fn put(
    out: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    format: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => out.write_blank(row, column, format)?,
        Value::Whole(n) if n.unsigned_abs() <= EXACT => {
            out.write_number_with_format(row, column, *n as f64, format)?
        }
        Value::Money(m) if m.0.unsigned_abs() <= EXACT => {
            out.write_number_with_format(row, column, m.0 as f64 / 100.0, format)?
        }
        Value::Number(n) if n.is_finite() => {
            out.write_number_with_format(row, column, *n, format)?
        }
        Value::Day(d) => match serial(*d) {
            Some(n) => out.write_number_with_format(row, column, n, format)?,
            None => out.write_string_with_format(row, column, d.to_string(), format)?,
        },
        Value::Text(_) | Value::Whole(_) | Value::Money(_) | Value::Number(_) | Value::Bool(_) => {
            out.write_string_with_format(row, column, value.plain(), format)?
        }
    };
    Ok(())
}

fn serial(day: Day) -> Option<f64> {
    day.0.checked_add(EPOCH_SERIAL).filter(|n| *n >= FIRST_SERIAL).map(f64::from)
}

fn format_of(kind: &Kind) -> Format {
    Format::new().set_num_format(match kind {
        Kind::Text | Kind::Choice(_) => "@",
        Kind::Date => "yyyy-mm-dd",
        Kind::Number => "General",
        Kind::Money => "#,##0.00",
    })
}

/// Excel allows 31 characters and none of `[ ] : * ? / \`, nor an apostrophe at the ends.
fn safe_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '-' } else { c })
        .collect();
    let mut short = String::new();
    for c in plain.chars() {
        if short.encode_utf16().count() + c.len_utf16() > 31 {
            break;
        }
        short.push(c);
    }
    short
}
