// SPDX-License-Identifier: MIT OR Apache-2.0
//! A field made small enough to be drawn, its colours, and its drawing with characters.

use std::io::Write;

use crate::natural;
use crate::{Failure, Output};

/// A field in columns and rows of points, each the mean of the elements in it.
pub struct Picture {
    extents: [u64; 2],
    columns: usize,
    rows: usize,
    means: Vec<f64>,
    counts: Vec<u64>,
    north_up: bool,
    /// Smallest and largest of the finite values; the smallest is larger when there are none.
    pub min: f64,
    pub max: f64,
    /// Values that are missing, or not finite.
    pub missing: u64,
    /// Where the next element goes: its indices, its column, and how far it is in it.
    i: u64,
    j: u64,
    column: usize,
    remainder: u64,
}

impl Picture {
    /// For a field of ni × nj, in no more than so many columns and rows, its proportions kept.
    pub fn new(ni: u64, nj: u64, largest: [u64; 2]) -> Picture {
        let [width, height] = largest;
        let (mut columns, mut rows) = (ni, nj);
        if columns > width {
            (columns, rows) = (width, (nj * width).div_ceil(ni));
        }
        if rows > height {
            (columns, rows) = ((columns * height).div_ceil(rows), height);
        }
        // No more than there are, and both are at most a few thousand.
        let (columns, rows) = (columns.clamp(1, ni) as usize, rows.clamp(1, nj) as usize);
        Picture {
            extents: [ni, nj],
            columns,
            rows,
            means: vec![0.0; columns * rows],
            counts: vec![0; columns * rows],
            north_up: true,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            missing: 0,
            i: 0,
            j: 0,
            column: 0,
            remainder: 0,
        }
    }

    /// Takes in the next elements in Fortran order.
    pub fn add(&mut self, values: &[f64]) {
        let [ni, nj] = self.extents;
        for value in values {
            let row = (self.j * self.rows as u64 / nj) as usize;
            if value.is_finite() {
                let point = row * self.columns + self.column;
                self.counts[point] += 1;
                let count = self.counts[point] as f64;
                // No sum, which the largest reals would overflow.
                self.means[point] += value / count - self.means[point] / count;
                (self.min, self.max) = (self.min.min(*value), self.max.max(*value));
            } else {
                self.missing += 1;
            }
            self.i += 1;
            self.remainder += self.columns as u64;
            if self.remainder >= ni {
                self.remainder -= ni;
                self.column += 1;
            }
            if self.i == ni {
                (self.i, self.column, self.remainder) = (0, 0, 0);
                self.j += 1;
            }
        }
    }

    /// After the last element: whether the first row is the lowest.
    pub fn finish(&mut self, north_up: bool) {
        self.north_up = north_up;
    }

    /// Points across and down.
    pub fn size(&self) -> [usize; 2] {
        [self.columns, self.rows]
    }

    /// The value of a point, counted from the upper left; none when all of it is missing.
    pub fn at(&self, column: usize, row: usize) -> Option<f64> {
        let row = if self.north_up { self.rows - 1 - row } else { row };
        let point = row * self.columns + column;
        (self.counts[point] > 0).then(|| self.means[point])
    }

    /// Draws with characters, in at most so many columns, and half as many lines as `tallest`.
    pub fn print(
        &self,
        out: &mut Output,
        scale: &Scale,
        style: Style,
        width: u64,
        tallest: u64,
    ) -> Result<(), Failure> {
        let (columns, rows) = (self.columns as u64, self.rows as u64);
        let times = (width / columns).min(tallest / rows).max(1);
        let (across, down) = ((columns * times) as usize, (rows * times) as usize);
        let value = |x: usize, y: usize| self.at(x / times as usize, y / times as usize);
        for line in 0..down.div_ceil(2) {
            let (upper, lower) = (2 * line, 2 * line + 1);
            for x in 0..across {
                let above = value(x, upper);
                let below = (lower < down).then(|| value(x, lower)).flatten();
                match style {
                    Style::Colours => {
                        let [r, g, b] = scale.colour(above);
                        write!(out, "\x1b[38;2;{r};{g};{b}m")?;
                        if lower < down {
                            let [r, g, b] = scale.colour(below);
                            write!(out, "\x1b[48;2;{r};{g};{b}m")?;
                        }
                        write!(out, "▀")?;
                    }
                    Style::Ascii | Style::Shades => {
                        write!(out, "{}", style.shade(scale, middle(above, below)))?
                    }
                }
            }
            writeln!(out, "{}", if style == Style::Colours { "\x1b[0m" } else { "" })?;
        }
        self.print_legend(out, scale, style)
    }

    /// The colours or characters from the lower to the upper end of the scale, between their values.
    fn print_legend(&self, out: &mut Output, scale: &Scale, style: Style) -> Result<(), Failure> {
        if !scale.is_empty() {
            write!(out, "{} ", natural::general(scale.min))?;
            let steps = if style == Style::Colours { 32 } else { style.ramp().len() };
            for step in 0..steps {
                let part = (step as f64 + 0.5) / steps as f64;
                match style {
                    Style::Colours => {
                        let [r, g, b] = colour(part);
                        write!(out, "\x1b[38;2;{r};{g};{b}m█")?;
                    }
                    Style::Ascii | Style::Shades => write!(out, "{}", style.ramp()[step])?,
                }
            }
            let end = if style == Style::Colours { "\x1b[0m" } else { "" };
            write!(out, "{end} {}", natural::general(scale.max))?;
        }
        if self.missing > 0 {
            let gap = if scale.is_empty() { "" } else { ", " };
            write!(out, "{gap}missing {}", if style == Style::Colours { "grey" } else { "blank" })?;
        }
        Ok(writeln!(out)?)
    }
}

/// Between two values, or the only one.
fn middle(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one / 2.0 + other / 2.0),
        _ => one.or(other),
    }
}

/// How a field is drawn with characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Ascii,
    Shades,
    /// Half blocks, each with two colours.
    Colours,
}

impl Style {
    fn ramp(self) -> &'static [char] {
        match self {
            Style::Ascii => &['.', ':', '-', '=', '+', '*', '#', '%', '@'],
            Style::Shades | Style::Colours => &['░', '▒', '▓', '█'],
        }
    }

    fn shade(self, scale: &Scale, value: Option<f64>) -> char {
        let ramp = self.ramp();
        value
            .map_or(' ', |value| ramp[((scale.part(value) * ramp.len() as f64) as usize).min(ramp.len() - 1)])
    }
}

/// Values from the one end of the colours to the other.
pub struct Scale {
    pub min: f64,
    pub max: f64,
}

/// The colour of what is missing.
pub const MISSING: [u8; 3] = [176, 176, 176];

impl Scale {
    pub fn new(min: f64, max: f64) -> Scale {
        Scale { min, max }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        !(self.min.is_finite() && self.max.is_finite())
    }

    /// How far a value is from the lower end to the upper one, 0 to 1; in the middle where they are the same.
    pub fn part(&self, value: f64) -> f64 {
        // Halves, whose difference is finite.
        let span = self.max / 2.0 - self.min / 2.0;
        if span == 0.0 || span.is_nan() {
            return if value < self.min {
                0.0
            } else if value > self.max {
                1.0
            } else {
                0.5
            };
        }
        ((value / 2.0 - self.min / 2.0) / span).clamp(0.0, 1.0)
    }

    pub fn colour(&self, value: Option<f64>) -> [u8; 3] {
        value.map_or(MISSING, |value| colour(self.part(value)))
    }

    /// Round numbers along the scale; its ends where there are none.
    pub fn ticks(&self) -> Vec<f64> {
        if self.min == self.max {
            return vec![self.min];
        }
        let (low, high) = (self.min.min(self.max), self.min.max(self.max));
        let magnitude = 10f64.powf(((high - low) / 6.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|times| times * magnitude)
            .into_iter()
            .find(|step| *step >= (high - low) / 6.0);
        let ends = vec![low, high];
        let Some(step) = step.filter(|step| step.is_normal()) else { return ends };
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        if !(1.0..=12.0).contains(&(last - first)) {
            return ends;
        }
        (0..=(last - first) as u32).map(|number| (first + f64::from(number)) * step).collect()
    }
}

/// Colours from dark to light which stay apart for all eyes, and in grey (viridis).
const COLOURS: [[u8; 3]; 10] = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89],
    [180, 222, 44],
    [253, 231, 37],
];

/// The colour at a part, 0 to 1, of the scale.
pub fn colour(part: f64) -> [u8; 3] {
    let place = part.clamp(0.0, 1.0) * (COLOURS.len() - 1) as f64;
    let before = (place as usize).min(COLOURS.len() - 2);
    let along = place - before as f64;
    std::array::from_fn(|channel| {
        let (from, to) = (f64::from(COLOURS[before][channel]), f64::from(COLOURS[before + 1][channel]));
        (from + (to - from) * along).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(ni: u64, nj: u64, largest: [u64; 2], values: &[f64]) -> Picture {
        let mut picture = Picture::new(ni, nj, largest);
        for piece in values.chunks(7) {
            picture.add(piece);
        }
        picture
    }

    #[test]
    fn small_fields_stay_and_the_first_row_is_below() {
        let values: Vec<f64> = (0..6).map(f64::from).collect();
        let mut picture = picture(3, 2, [10, 10], &values);
        assert_eq!((picture.size(), picture.min, picture.max), ([3, 2], 0.0, 5.0));
        assert_eq!((picture.at(0, 0), picture.at(2, 1)), (Some(3.0), Some(2.0)));
        picture.finish(false);
        assert_eq!((picture.at(0, 0), picture.at(2, 1)), (Some(0.0), Some(5.0)));
    }

    /// Every element is in the point that its indices say.
    #[test]
    fn large_fields_are_averaged() {
        for (ni, nj, largest, size) in [
            (10, 6, [5, 9], [5, 3]),
            (7, 5, [3, 9], [3, 3]),
            (4, 100, [10, 10], [1, 10]),
            (100, 1, [9, 9], [9, 1]),
            (1, 1000, [9, 9], [1, 9]),
        ] {
            let values: Vec<f64> = (0..ni * nj).map(|number| (number * 7919 % 101) as f64).collect();
            let picture = picture(ni, nj, largest, &values);
            assert_eq!(picture.size(), size, "{ni} {nj}");
            let [columns, rows] = size.map(|extent| extent as u64);
            for row in 0..rows {
                for column in 0..columns {
                    let inside: Vec<f64> = (0..ni * nj)
                        .filter(|at| (at % ni) * columns / ni == column && (at / ni) * rows / nj == row)
                        .map(|at| values[at as usize])
                        .collect();
                    let mean = inside.iter().sum::<f64>() / inside.len() as f64;
                    let found = picture.at(column as usize, (rows - 1 - row) as usize).unwrap();
                    assert!((found - mean).abs() < 1e-9, "{found} {mean}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_finite_is_missing() {
        let picture = picture(2, 2, [1, 1], &[f64::NAN, f64::MAX, f64::INFINITY, f64::MAX]);
        assert_eq!((picture.missing, picture.at(0, 0)), (2, Some(f64::MAX)));
    }

    #[test]
    fn scales_have_parts_colours_and_ticks() {
        let scale = Scale::new(-10.0, 30.0);
        assert_eq!((scale.part(-20.0), scale.part(10.0), scale.part(30.0)), (0.0, 0.5, 1.0));
        assert_eq!(scale.ticks(), [-10.0, 0.0, 10.0, 20.0, 30.0]);
        assert_eq!((scale.colour(None), scale.colour(Some(-10.0))), (MISSING, COLOURS[0]));
        assert_eq!(scale.colour(Some(30.0)), COLOURS[9]);
        let constant = Scale::new(5.0, 5.0);
        assert_eq!((constant.part(5.0), constant.ticks()), (0.5, vec![5.0]));
        let widest = Scale::new(f64::MIN, f64::MAX);
        assert_eq!((widest.part(0.0), widest.ticks()), (0.5, vec![f64::MIN, f64::MAX]));
        let tiny = Scale::new(0.0, f64::from_bits(1));
        assert_eq!(tiny.ticks(), [0.0, f64::from_bits(1)]);
        for (min, max) in
            [(0.1, 0.7), (1e15, 1e15 + 1.0), (-3.3e-30, 8e-30), (1.0, 1.0 + f64::EPSILON), (9.0, 1.0)]
        {
            let ticks = Scale::new(min, max).ticks();
            assert!((2..=13).contains(&ticks.len()), "{ticks:?}");
        }
        assert!(Scale::new(f64::INFINITY, f64::NEG_INFINITY).is_empty());
    }
}
