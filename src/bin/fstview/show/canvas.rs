// SPDX-License-Identifier: MIT OR Apache-2.0
//! A picture with its captions and its scale, as a PNG file.

use std::io;

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use super::picture::{Picture, Scale, colour};
use crate::natural;

/// White around everything, and between field and scale.
const MARGIN: usize = 16;
/// From one line of text to the next.
const LINE: usize = 18;
/// Where the field begins: below three lines.
const TOP: usize = MARGIN + 3 * LINE + 8;
/// Points that the longer side of a small field has at least, and those of a bar.
const AT_LEAST: usize = 640;
/// Points that the shorter side has at least.
const THINNEST: usize = 16;
const BAR_WIDTH: usize = 20;
const BAR_HEIGHT: usize = 200;
const TICK: usize = 5;

/// Points of three colours.
pub struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    /// The whole drawing.
    pub fn of(picture: &Picture, scale: &Scale, captions: &[String]) -> Canvas {
        let [columns, rows] = picture.size();
        // Each point of a small field is a square; of a thin one, a bar.
        let square = (AT_LEAST / columns.max(rows)).max(1);
        let across = square.max(THINNEST.div_ceil(columns));
        let down = square.max(THINNEST.div_ceil(rows));
        let [field_width, field_height] = [columns * across, rows * down];
        let bar_height = field_height.max(BAR_HEIGHT);
        let bar = MARGIN + field_width + MARGIN;
        let ticks: Vec<(f64, String)> = if scale.is_empty() {
            Vec::new()
        } else {
            scale.ticks().into_iter().map(|value| (scale.part(value), natural::general(value))).collect()
        };
        let labels = ticks.iter().map(|(_, label)| text_width(label)).chain([text_width("missing")]).max();
        let captions_width = captions.iter().map(|line| text_width(line)).max().unwrap_or(0);
        let is_missing = picture.missing > 0;
        let right = (bar + BAR_WIDTH + 2 * TICK + labels.unwrap_or(0)).max(MARGIN + captions_width);
        let below = if is_missing { LINE + 8 } else { 0 };
        let mut canvas = Canvas::new(right + MARGIN, TOP + bar_height + below + MARGIN);
        for (number, line) in captions.iter().enumerate() {
            canvas.text(MARGIN, MARGIN + number * LINE, line);
        }
        for row in 0..rows {
            for column in 0..columns {
                let colour = scale.colour(picture.at(column, row));
                canvas.fill([MARGIN + column * across, TOP + row * down], [across, down], colour);
            }
        }
        if !scale.is_empty() {
            for y in 0..bar_height {
                let part = 1.0 - y as f64 / (bar_height - 1) as f64;
                canvas.fill(
                    [bar, TOP + y],
                    [BAR_WIDTH, 1],
                    colour(if scale.min == scale.max { 0.5 } else { part }),
                );
            }
        }
        for (part, label) in ticks {
            let y = TOP + ((1.0 - part) * (bar_height - 1) as f64).round() as usize;
            canvas.fill([bar + BAR_WIDTH, y], [TICK, 1], [0; 3]);
            canvas.text(bar + BAR_WIDTH + 2 * TICK, y.saturating_sub(LINE / 2), &label);
        }
        if is_missing {
            let y = TOP + bar_height + 8;
            canvas.fill([bar, y], [BAR_WIDTH, LINE - 2], scale.colour(None));
            canvas.text(bar + BAR_WIDTH + 2 * TICK, y, "missing");
        }
        canvas
    }

    fn new(width: usize, height: usize) -> Canvas {
        Canvas { width, height, pixels: vec![255; 3 * width * height] }
    }

    fn fill(&mut self, [left, top]: [usize; 2], [width, height]: [usize; 2], colour: [u8; 3]) {
        for y in top..(top + height).min(self.height) {
            let (from, to) = (left.min(self.width), (left + width).min(self.width));
            for pixel in
                self.pixels[3 * (y * self.width + from)..3 * (y * self.width + to)].chunks_exact_mut(3)
            {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// Black letters with their upper left corner there.
    fn text(&mut self, left: usize, top: usize, text: &str) {
        for (number, letter) in text.chars().enumerate() {
            let letter = get_raster(letter, WEIGHT, SIZE).or_else(|| get_raster('?', WEIGHT, SIZE));
            for (y, row) in letter.iter().flat_map(|letter| letter.rows()).enumerate() {
                for (x, ink) in row.iter().enumerate() {
                    self.fill([left + number * text_width("x") + x, top + y], [1, 1], [255 - ink; 3]);
                }
            }
        }
    }

    /// The file.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let wide = |extent: usize| u32::try_from(extent).map_err(io::Error::other);
        let mut encoder = png::Encoder::new(&mut bytes, wide(self.width)?, wide(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.pixels)?;
        Ok(bytes)
    }
}

const WEIGHT: FontWeight = FontWeight::Regular;
const SIZE: RasterHeight = RasterHeight::Size16;

fn text_width(text: &str) -> usize {
    text.chars().count() * get_raster_width(WEIGHT, SIZE)
}
