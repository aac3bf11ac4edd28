//! QR codes as SVG, drawn by the server: printable, and nothing to load. A template prints an [`Svg`] as it is.
use askama::filters::HtmlSafe;
use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// A drawing made here of numbers only, which a template may print as it is.
#[derive(Clone, Debug, Default)]
pub struct Svg(String);

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Svg {}

/// The QR code of an address of at most some 1,000 signs; an empty drawing when it does not fit. Say the address in words beside it.
pub fn svg(text: &str) -> Svg {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Svg::default();
    };
    let drawn =
        code.render::<Color<'_>>().min_dimensions(168, 168).dark_color(Color("#10233d")).build();
    // The prologue of an XML file has no place inside a page.
    let from = drawn.find("<svg").unwrap_or_default();
    Svg(drawn.get(from..).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_is_an_svg_that_holds_no_text_of_the_asker() {
        let drawn = super::svg("https://example.test/r/<script>").to_string();
        assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>"));
        assert!(!drawn.contains("script"));
        assert!(super::svg(&"x".repeat(9000)).to_string().is_empty());
    }
}
