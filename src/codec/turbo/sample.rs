// SPDX-License-Identifier: MIT OR Apache-2.0
//! SAMPLE: three nested levels of bicubic prediction on grids coarsened by 3. Read, never written any more.
//!
//! Assumes sizes that [`size_is_defined`] accepts and `nbits` of 1 to 16 (checked by
//! [`Turbo::new`](super::Turbo::new)); holds the coarse levels whole, and of the finest one every third row;
//! gives tokens or a fault, whatever the stream. Token widths of at most 18 bits keep every value of every level
//! below 2^24, as the weights of a prediction add up to less than 2 in each direction.
//!
//! Implements `turbo.md` 5.3.

use std::ops::Range;

use super::parallelogram::{Widths, check_container, too_wide};
use super::stream::{Stream, WordOrder};
use super::{Rows, room, zeros};
use crate::error::Fault;

/// Side of the tiles and ratio of the levels.
pub(super) const STEP: usize = 3;
/// Largest token width that is decoded.
const WIDEST: u32 = 18;
/// Denominator of the cubic rule.
const DENOMINATOR: i64 = 1944;

/// Whether the prediction is defined for a direction with `n` points.
pub(super) fn size_is_defined(n: u64) -> bool {
    matches!(n, 2 | 3 | 56..)
}

/// Points of the next coarser level in a direction with `n` points.
pub(super) fn coarse(n: u64) -> u64 {
    n.saturating_add(2) / 3 + u64::from(!(n - 1).is_multiple_of(3))
}

/// One direction of a level: its points, and which of them are nodes of the next coarser level.
#[derive(Clone, Copy, Debug)]
struct Axis {
    points: usize,
    nodes: usize,
}

/// Where the prediction of a point comes from, by numbers of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// It is a node.
    Node(usize),
    /// The cubic rule at abscissa `x` from the second of four nodes.
    Cubic { nodes: [usize; 4], x: i64 },
    /// The mean of two nodes.
    Mean([usize; 2]),
}

impl Axis {
    fn new(points: usize) -> Axis {
        Axis { points, nodes: coarse(points as u64) as usize }
    }

    /// The point at which node `node` sits.
    fn point(self, node: usize) -> usize {
        (3 * node).min(self.points - 1)
    }

    /// The node at the 1-based position of a node.
    fn node(self, position: usize) -> usize {
        if position == self.points { self.nodes - 1 } else { (position - 1) / 3 }
    }

    /// The 1-D rule for one point; the names are those of `turbo.md`, positions are 1-based.
    fn source(self, point: usize) -> Source {
        let (n, position) = (self.points, point + 1);
        let left = (n - 1) % 3;
        if position == n || point.is_multiple_of(3) {
            return Source::Node(self.node(position));
        }
        if left == 2 && position == n - 1 {
            return Source::Mean([self.node(n), self.node(n - 2)]);
        }
        let last = n - 3 - left;
        let limit = if left == 0 { last - 3 } else { last };
        let start = position - point % 3;
        let r = limit.min(start.max(4));
        Source::Cubic {
            nodes: [r - 3, r, r + 3, n.min(r + 6)].map(|position| self.node(position)),
            x: position as i64 - r as i64,
        }
    }
}

impl Source {
    /// The prediction from the values of the nodes.
    #[inline(always)]
    fn predict(self, value: impl Fn(usize) -> i32) -> i32 {
        let value = |node| i64::from(value(node));
        let (numerator, denominator) = match self {
            Source::Node(node) => (value(node), 1),
            Source::Mean([a, b]) => (value(a) + value(b), 2),
            Source::Cubic { nodes, x } => {
                let [z1, z2, z3, z4] = nodes.map(value);
                let curve = 2 * x * x * ((z4 - z1) + 3 * (z2 - z3)) + 18 * x * ((z1 + z3) - 2 * z2);
                let s = x * (6 * curve + 108 * (6 * z3 - z4 - 3 * z2 - 2 * z1));
                (DENOMINATOR * z2 + s, DENOMINATOR)
            }
        };
        let magnitude = (2 * numerator.abs() + denominator) / (2 * denominator);
        (numerator.signum() * magnitude) as i32
    }
}

/// One level: prediction from the next coarser one, plus the differences of the stream, row by row.
struct Level {
    i: Axis,
    j: Axis,
    /// The rows that hold nodes, predicted along `i`.
    node_rows: Vec<i32>,
    container: u32,
    /// Where the next tile starts.
    position: u64,
    /// The differences of one row of tiles.
    band: Vec<i32>,
    /// The next row.
    next: usize,
}

impl Level {
    /// The level of `i`×`j` points over `nodes`, whose container field is at `position`.
    fn new<O: WordOrder>(
        stream: &Stream<'_, O>,
        position: u64,
        (i, j): (Axis, Axis),
        nodes: &[i32],
    ) -> Result<Level, Fault> {
        stream.check(position + 3)?;
        let container = stream.token(position, 3);
        check_container(container).map_err(|fault| fault.at(position / 32 * 4))?;
        let mut node_rows = room(j.nodes * i.points)?;
        for row in nodes.chunks_exact(i.nodes) {
            node_rows.extend((0..i.points).map(|point| i.source(point).predict(|node| row[node])));
        }
        let band = zeros(STEP * i.points)?;
        Ok(Level { i, j, node_rows, container, position: position + 3, band, next: 0 })
    }

    /// A row that holds nodes.
    fn node_row(&self, node: usize) -> &[i32] {
        &self.node_rows[node * self.i.points..][..self.i.points]
    }

    /// The next row: prediction and difference.
    fn next_row<O: WordOrder>(&mut self, stream: &Stream<'_, O>, row: &mut [i32]) -> Result<(), Fault> {
        let j = self.next;
        self.skip_row(stream)?;
        let differences = &self.band[j % STEP * self.i.points..][..self.i.points];
        let source = self.j.source(j);
        for (i, (point, difference)) in row.iter_mut().zip(differences).enumerate() {
            *point = source.predict(|node| self.node_rows[node * self.i.points + i]) + difference;
        }
        Ok(())
    }

    /// Passes over the next row, whose differences are in `band` afterwards.
    fn skip_row<O: WordOrder>(&mut self, stream: &Stream<'_, O>) -> Result<(), Fault> {
        if self.next.is_multiple_of(STEP) {
            self.read_band(stream)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Reads the next row of tiles.
    fn read_band<O: WordOrder>(&mut self, stream: &Stream<'_, O>) -> Result<(), Fault> {
        let height = STEP.min(self.j.points - self.next);
        for start in (0..self.i.points).step_by(STEP) {
            let end = self.i.points.min(start + STEP);
            let width = Widths::Tokens.of(stream.token(self.position, self.container));
            if width > WIDEST {
                return Err(too_wide(width, WIDEST, self.position));
            }
            self.position += u64::from(self.container);
            for (y, row) in self.band.chunks_exact_mut(self.i.points).take(height).enumerate() {
                for (x, point) in row[start..end].iter_mut().enumerate() {
                    if (x, y) == (0, 0) {
                        *point = 0;
                    } else {
                        *point = stream.signed(self.position, width);
                        self.position += u64::from(width);
                    }
                }
            }
        }
        stream.check(self.position)
    }
}

/// The rows of a SAMPLE stream.
pub(super) struct Sample<'a, O> {
    stream: Stream<'a, O>,
    finest: Level,
    /// The columns that are wanted.
    columns: Range<usize>,
    values: Vec<i32>,
    row: Vec<u16>,
}

impl<'a, O: WordOrder> Sample<'a, O> {
    /// The rows of the `ni`×`nj` grid whose coarsest nodes are at `position`.
    pub fn new(
        stream: Stream<'a, O>,
        position: u64,
        (ni, nj): (usize, usize),
        nbits: u32,
    ) -> Result<Sample<'a, O>, Fault> {
        let mut axes = [(Axis::new(ni), Axis::new(nj)); 3];
        for level in 1..3 {
            let (i, j) = axes[level - 1];
            axes[level] = (Axis::new(i.nodes), Axis::new(j.nodes));
        }
        let [finest, middle, coarsest] = axes;
        let count = (coarsest.0.nodes * coarsest.1.nodes) as u64;
        let end = position + count * u64::from(nbits);
        stream.check(end)?;
        let node = |k: u64| stream.token(position + k * u64::from(nbits), nbits) as i32;
        let mut nodes = room::<i32>(count as usize)?;
        nodes.extend((0..count).map(node));
        let mut position = end;
        for axes in [coarsest, middle] {
            let mut level = Level::new(&stream, position, axes, &nodes)?;
            nodes = zeros(axes.0.points * axes.1.points)?;
            for row in nodes.chunks_exact_mut(axes.0.points) {
                level.next_row(&stream, row)?;
            }
            position = level.position;
        }
        let finest = Level::new(&stream, position, finest, &nodes)?;
        Ok(Sample { stream, finest, columns: 0..ni, values: zeros(ni)?, row: zeros(ni)? })
    }

    /// The same rows, but only these columns of them, which must lie inside the grid.
    pub fn columns(self, columns: Range<usize>) -> Self {
        Sample { columns, ..self }
    }
}

impl<O: WordOrder> Rows<u16> for Sample<'_, O> {
    fn next_row(&mut self) -> Result<&[u16], Fault> {
        let level = &mut self.finest;
        let j = level.next;
        level.next_row(&self.stream, &mut self.values)?;
        for (token, value) in self.row.iter_mut().zip(&self.values) {
            *token = (*value).max(0) as u16;
        }
        if let Source::Node(node) = level.j.source(j) {
            let values = level.node_row(node);
            for point in (0..level.i.nodes).map(|node| level.i.point(node)) {
                self.row[point] = values[point] as u16;
            }
        }
        Ok(&self.row[self.columns.clone()])
    }

    fn skip_rows(&mut self, count: usize) -> Result<(), Fault> {
        (0..count).try_for_each(|_| self.finest.skip_row(&self.stream))
    }
}
