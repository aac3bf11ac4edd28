//! The three value types on PostgreSQL's wire.
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};

use crate::Value;

pub(super) fn slots(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

type Fault = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Fault> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::BOOL) => (*n != 0).to_sql(ty, out),
            (Self::Int(n), ty) if textual(ty) => n.to_string().to_sql(ty, out),
            (Self::Text(s), ty) if textual(ty) => s.to_sql(ty, out),
            (value, ty) => Err(format!("{value:?} cannot be given where {ty} is asked for").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    postgres::types::to_sql_checked!();
}

/// A cell as read.
pub(super) struct Cell(pub(super) Value);
impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Fault> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(ty, raw)?.into()),
            Type::NUMERIC => Value::Int(whole(raw).ok_or("a number is not whole or too large")?),
            Type::VOID => Value::Null,
            _ if textual(ty) => Value::Text(String::from_sql(ty, raw)?),
            _ => return Err(format!("a cell is {ty}, neither whole number nor text").into()),
        }))
    }
    fn from_sql_null(_: &Type) -> std::result::Result<Self, Fault> {
        Ok(Self(Value::Null))
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}

fn textual(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

/// A whole number from PostgreSQL's binary NUMERIC, which is what a SUM of BIGINT is: a count of digits to the base of 10,000, the power
/// of the first, the sign, the scale shown, and the digits, each two bytes big-endian.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut shorts =
        raw.chunks_exact(2).filter_map(|c| <[u8; 2]>::try_from(c).ok()).map(i16::from_be_bytes);
    let (_count, weight, sign, _scale) =
        (shorts.next()?, shorts.next()?, shorts.next()?, shorts.next()?);
    let mut total: i64 = 0;
    let mut power = weight;
    for digit in shorts {
        if power < 0 && digit != 0 {
            return None;
        }
        if power >= 0 {
            let place = 10_000_i64.checked_pow(u32::try_from(power).ok()?)?;
            total = total.checked_add(i64::from(digit).checked_mul(place)?)?;
        }
        power -= 1;
    }
    match sign {
        0 => Some(total),
        0x4000 => Some(-total),
        _ => None,
    }
}
