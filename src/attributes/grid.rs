// SPDX-License-Identifier: MIT OR Apache-2.0
//! Horizontal grids: what `grtyp` asks for, what ig1 to ig4 say, and how the axes of a yin-yang grid are laid out
//! (`format/semantics.md` section 10).
//!
//! Which records describe the grid of a field is looked up by [`crate::grid`].

use std::ops::Range;

use crate::error::Fault;

/// Where the geometry of a grid type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Geometry {
    /// ig1 to ig4 are the grid itself: A, B, G, L, C, N, S, E, H.
    Parameters,
    /// Axes `>>` (ni × 1) and `^^` (1 × nj), or both of the field's dimensions: Z.
    Axes,
    /// `>>` and `^^` of the field's dimensions: Y.
    Points,
    /// A part of the axes `>>` and `^^` of a whole domain: `#`.
    Tile,
    /// One record `^>` with the axes of two panels: U.
    YinYang,
    /// Vertex numbers `##` and the coordinates `>>`, `^^` of the nodes: M.
    Mesh,
    /// A map projection `PROJ` and a transform `MTRX`, and perhaps axes: W.
    Projection,
    /// One list of axis values `>>`: Q.
    List,
    /// `>>` and `^^` if they are there: X, O, T, V, `+`, and types without a meaning of their own.
    Optional,
}

/// Where the geometry of a grid type is (`semantics.md` 10.1).
pub fn geometry(grtyp: u8) -> Geometry {
    match grtyp {
        b'A' | b'B' | b'G' | b'L' | b'C' | b'N' | b'S' | b'E' | b'H' => Geometry::Parameters,
        b'Z' => Geometry::Axes,
        b'Y' => Geometry::Points,
        b'#' => Geometry::Tile,
        b'U' => Geometry::YinYang,
        b'M' => Geometry::Mesh,
        b'W' => Geometry::Projection,
        b'Q' => Geometry::List,
        _ => Geometry::Optional,
    }
}

/// The four parameters that ig1 to ig4 of a grid type code (`semantics.md` 10.4); `None` for types that keep
/// something else there.
///
/// | `grtyp` | parameters, in degrees and metres |
/// |---|---|
/// | A, B, G | 0 global, 1 northern, 2 southern hemisphere; 0 south to north, 1 north to south |
/// | L, C | latitude and longitude of the first point, steps in latitude and longitude |
/// | E | latitude and longitude of the centre, then those of another point of the rotated equator, to its east |
/// | N, S | i and j of the pole (from 1), grid length at 60 degrees, angle between the i axis and Greenwich |
/// | H | standard parallels as coded, latitude of origin, grid length, central meridian |
/// | + | latitude and longitude of the point |
///
/// Parameters that are not listed are 0. Steps and grid lengths are as coded, whatever follows from a 0: C then has
/// an infinite step, N and S may have a pole that is no number.
pub fn parameters(grtyp: u8, ig: [u32; 4]) -> Option<[f32; 4]> {
    let [ig1, ig2, ig3, ig4] = ig.map(i64::from);
    let [f1, f2, f3, f4] = ig.map(|value| value as f32);
    Some(match grtyp {
        b'A' | b'B' | b'G' => [f1, f2, 0.0, 0.0],
        b'L' => [hundredths_from(f3, -90.0), f4 * HUNDREDTH, f1 * HUNDREDTH, f2 * HUNDREDTH],
        b'C' => [hundredths_from(f3, -90.0), f4 * HUNDREDTH, 180.0 / f1, 360.0 / f2],
        b'E' => rotation(ig1, ig2, ig3, ig4),
        b'N' | b'S' if ig4 < CODED_ORIGIN => [f2 * 0.1, f1 * 0.1, f4 * 100.0, f3 * HUNDREDTH],
        b'N' | b'S' => polar_stereographic_by_origin(grtyp == b'S', ig1, ig2, ig3, ig4),
        b'H' => [f3, hundredths_from(f4, -90.0), f2 * 500.0, f1 * 0.2],
        b'+' => {
            // The fine part is in units of 1e-5, counted from 1000; 0 is none.
            let place = |coarse: i64, from: f64, fine: i64| {
                let fine = if fine == 0 { 0.0 } else { (fine - 1000) as f64 * 1e-5 };
                (coarse as f64 / 100.0 + from + fine) as f32
            };
            [place(ig3, -100.0, ig1), place(ig4, 0.0, ig2), 0.0, 0.0]
        }
        _ => return None,
    })
}

const HUNDREDTH: f32 = 0.01;

/// From this ig4 on, grids N and S are coded by the place of their first point.
const CODED_ORIGIN: i64 = 32768;

/// `value / 100 + from`, rounded once: what writers encode decodes to the number that librmn gives.
fn hundredths_from(value: f32, from: f32) -> f32 {
    value.mul_add(HUNDREDTH, from)
}

/// The two points that define the rotation of grid E.
fn rotation(ig1: i64, ig2: i64, ig3: i64, ig4: i64) -> [f32; 4] {
    let a = 4 * ig1 + (ig3 & 3);
    let mut b = ig3 >> 2;
    let mut c = 4 * ig2 + (ig4 & 3);
    let d = ig4 >> 2;
    if c > 3600 {
        c -= 7201;
    }
    // 14 bits hold longitudes up to 320 degrees: smaller numbers have lost the fifteenth.
    if b < 3559 {
        b += 16384;
    }
    [a - 3600, b - 3600, c, d].map(|fortieths| fortieths as f32 / 40.0)
}

/// Grids N and S whose first point is coded as latitude and longitude.
fn polar_stereographic_by_origin(south: bool, ig1: i64, ig2: i64, ig3: i64, ig4: i64) -> [f32; 4] {
    let mut j4 = ig4 - CODED_ORIGIN;
    let (mut i3, mut d60) = (ig3, 100.0 * ig1 as f32);
    if i3 > 32767 {
        i3 -= 32768;
        d60 *= 10.0;
    }
    let mut dgrw = ig2 as f32 * 0.1;
    if j4 > 16383 {
        j4 -= 16384;
        dgrw = 360.0 - dgrw;
    }
    let mut lat = 90.0 - 180.0 * j4 as f32 / 16383.0;
    let mut lon = 360.0 * i3 as f32 / 32767.0;
    if south {
        lat = -lat;
        lon = -lon;
    }
    // All in single precision, as the page has it: an accurate pole is up to 1e-5 away from that of other readers.
    let sine = lat.to_radians().sin();
    let r = 1.866_025 * 6.371e6 / d60 * ((1.0 - sine) / (1.0 + sine)).sqrt();
    let (sine, cosine) = (lon + dgrw).to_radians().sin_cos();
    [1.0 - r * cosine, 1.0 - r * sine, d60, dgrw]
}

/// One panel of a yin-yang grid: a grid Z whose reference is grid E.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Parameters of the reference, as [`parameters`] gives them for E.
    pub rotation: [f32; 4],
    /// Where the x axis is in the values of `^>`.
    pub x: Range<usize>,
    /// Where the y axis is in the values of `^>`.
    pub y: Range<usize>,
}

/// Values of `^>` before its first panel, and of each panel before its axes.
const LEAD: usize = 5;
const PANEL_LEAD: usize = 10;

/// How many values `^>` has when each of its two panels is `ni` × `nj`; `None` when they cannot be counted.
pub fn yin_yang_values(ni: u64, nj: u64) -> Option<u64> {
    ni.checked_add(nj)?.checked_add(PANEL_LEAD as u64)?.checked_mul(2)?.checked_add(LEAD as u64)
}

/// The panels, yin and yang, in the values of a record `^>` (`semantics.md` 10.3). Each must be `ni` × `nj`.
pub fn panels(values: &[f64], ni: usize, nj: usize) -> Result<[Panel; 2], Fault> {
    let needed = yin_yang_values(ni as u64, nj as u64);
    if needed != Some(values.len() as u64) {
        return Err(Fault::corrupt(format!(
            "{} values, two panels of {ni} x {nj} need others",
            values.len()
        )));
    }
    let [letter, version, count] = [values[0], values[1], values[2]];
    if letter != f64::from(b'F') || version != 1.0 || count != 2.0 {
        return Err(Fault::unsupported(format!(
            "a grid that begins with {letter}, {version}, {count}, where a yin-yang grid has {}, 1, 2",
            b'F'
        )));
    }
    let panel = |number: usize| {
        let start = LEAD + number * (PANEL_LEAD + ni + nj);
        let lead = &values[start..start + PANEL_LEAD];
        if lead[0] != ni as f64 || lead[1] != nj as f64 {
            return Err(Fault::corrupt(format!(
                "panel {} is {} x {}, the field asks for {ni} x {nj}",
                number + 1,
                lead[0],
                lead[1]
            )));
        }
        let x = start + PANEL_LEAD..start + PANEL_LEAD + ni;
        Ok(Panel { rotation: std::array::from_fn(|place| lead[6 + place] as f32), y: x.end..x.end + nj, x })
    };
    Ok([panel(0)?, panel(1)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two panels of 3 × 2.
    fn yin_yang() -> Vec<f64> {
        let panel = |first: f64| {
            [3.0, 2.0, 45.0, 315.0, -45.0, 45.0, first, 180.0, 0.0, 270.0, 45.0, 180.0, 315.0, -45.0, 45.0]
        };
        [&[70.0, 1.0, 2.0, 1.0, 1.0][..], &panel(0.0), &panel(7.5)].concat()
    }

    #[test]
    fn panels_have_their_axes_and_rotations() {
        let values = yin_yang();
        let [yin, yang] = panels(&values, 3, 2).unwrap();
        assert_eq!((yin.rotation, yang.rotation), ([0.0, 180.0, 0.0, 270.0], [7.5, 180.0, 0.0, 270.0]));
        for panel in [yin, yang] {
            assert_eq!(values[panel.x], [45.0, 180.0, 315.0]);
            assert_eq!(values[panel.y], [-45.0, 45.0]);
        }
    }

    #[test]
    fn other_values_than_two_panels_are_faults() {
        let values = yin_yang();
        assert!(panels(&values, 2, 3).is_err());
        assert!(panels(&values, 3, 3).is_err());
        assert!(panels(&values[..34], 3, 2).is_err());
        assert!(panels(&[], 0, 0).is_err());
        assert!(panels(&values, usize::MAX, usize::MAX).is_err());
        for place in [0, 1, 2, 5, 6, 20] {
            let mut values = values.clone();
            values[place] = f64::NAN;
            assert!(panels(&values, 3, 2).is_err(), "value {place}");
        }
    }

    #[test]
    fn types_without_parameters_have_none() {
        for grtyp in *b"ZY#UMWQXOTV 0" {
            assert_eq!(parameters(grtyp, [1, 2, 3, 4]), None, "{}", char::from(grtyp));
            assert_ne!(geometry(grtyp), Geometry::Parameters, "{}", char::from(grtyp));
        }
        for grtyp in *b"ABGLCNSEH" {
            assert_eq!(geometry(grtyp), Geometry::Parameters, "{}", char::from(grtyp));
            assert!(parameters(grtyp, [1, 2, 3, 4]).is_some(), "{}", char::from(grtyp));
        }
    }

    #[test]
    fn case_matters() {
        assert_eq!((parameters(b'l', [1, 2, 3, 4]), geometry(b'z')), (None, Geometry::Optional));
    }

    proptest! {
        #[test]
        fn any_parameters_decode(grtyp: u8, ig: [u32; 4]) {
            let _ = parameters(grtyp, ig);
        }

        #[test]
        fn parameters_of_the_file_are_numbers(
            grtyp in prop::sample::select(b"ABGLEH+".to_vec()),
            ig in prop::array::uniform4(0u32..1 << 24),
        ) {
            prop_assert!(parameters(grtyp, ig).is_some_and(|xg| xg.iter().all(|number| number.is_finite())));
        }

        #[test]
        fn any_values_of_panels_are_panels_or_a_fault(
            values in prop::collection::vec(any::<f64>(), 0..60),
            ni in 0usize..8,
            nj in 0usize..8,
        ) {
            let _ = panels(&values, ni, nj);
        }
    }
}
