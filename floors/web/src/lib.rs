//! What every page and endpoint stands on.
//!
//! Reading order: [`Slice`] is what a slice hands to the app; [`Gate`] enrols each endpoint with its capability; [`Req`] is one
//! request (who asks, in which language, with which database); [`Frame`] and [`Form`] are what templates see; [`Error`] has
//! two faces; [`judged`] is how verdicts are asked for; [`answers`] shows and keeps any form; [`attach`] keeps files beside a record;
//! [`download`] hands files over; [`register`] keeps dated records of one shape for page, API and import alike.
pub mod answers;
pub mod api;
pub mod assets;
pub mod attach;
pub mod chart;
pub mod download;
pub mod judged;
pub mod qr;
pub mod register;

mod app;
mod error;
mod fields;
mod form;
mod frame;
mod gate;
mod limit;
mod req;
mod room;
mod shell;
mod slice;

pub use answers::{AnswerView, FormView, PaperView};
pub use app::router;
pub use error::{ApiError, Error, PageError};
pub use fields::{Fields, Upload, encode};
pub use form::{Choice, Form, FormError};
pub use frame::{Flash, Frame, Hat, NavItem, Viewer, page, page_with};
pub use gate::{Enrolled, Gate};
pub use judged::{Judge, Judged, Question};
pub use limit::Limits;
pub use req::Req;
pub use room::Room;
pub use shell::{Clock, DemoDoor, Parts, Settings, Shell};
pub use slice::{
    Card, Due, DueKind, FactSource, FactsOf, Found, Load, Matter, Moment, NavEntry, Slice, dues,
    load_of, matters,
};

/// This floor's sentences.
pub const LOCALES: locale::Texts = locale::texts!();
