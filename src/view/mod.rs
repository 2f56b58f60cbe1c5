// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arrays with an owner: mapped, read, decoded or shared; slabs, copy-on-write, batches.
//!
//! A view of a record whose payload is the array already is a pointer into the mapping and a reference count. Any
//! other array is filled in one pass, straight from the payload, which is read in pieces that stay in cache.

mod batch;
mod contents;
mod memory;
mod shared;
mod slab;
mod threads;
mod values;

use std::ops::Range;
use std::sync::Arc;

use crate::codec::element::{Elements, copy_runs};
use crate::codec::missing::{self, Missing};
use crate::codec::{Access, ByteOrder, Decoder, Layout};
use crate::container::{Extent, Keys, Trouble, keys};
use crate::dtype::Dtype;
use crate::error::{Error, Fault, Place, Result};
use crate::file::{File, Origin, Part, RecordInfo, Stats};
use crate::source::{PrivateMap, ReadError, Source};

pub use batch::{parallel, parallel_with_progress};
use memory::Memory;
pub use memory::at_fork;
use shared::SharedArray;
pub(crate) use shared::SharedArrays;
use slab::Slab;
use threads::kept;

/// What a view shall be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewOptions {
    /// The caller may change the array; the file never changes.
    pub writable: bool,
    /// Big-endian payloads may come as they are.
    pub any_byte_order: bool,
    /// Have the bytes of a mapped record read ahead.
    pub prefetch: bool,
    /// Element type; `None` is the natural one.
    pub dtype: Option<Dtype>,
    /// First element along each axis, 0-based.
    pub slab_start: [i64; 3],
    /// Elements along each axis; 0 is to the end.
    pub slab_count: [i64; 3],
}

/// An array and what keeps it alive.
#[derive(Debug)]
pub struct View {
    dtype: Dtype,
    shape: [u64; 3],
    /// Bytes between neighbours along each axis.
    strides: [u64; 3],
    origin: Origin,
    writable: bool,
    big_endian: bool,
    data: *const u8,
    holder: Option<Holder>,
    stats: Arc<Stats>,
}

// SAFETY: `data` points into what `holder` owns (memory that is never freed while the view lives) or into the
// mapping of a source; the view itself never writes through it.
unsafe impl Send for View {}
// SAFETY: as above: a shared view is only read.
unsafe impl Sync for View {}

#[derive(Debug)]
enum Holder {
    /// A mapping or an image, and where in it the array starts.
    Source {
        source: Arc<Source>,
        offset: u64,
    },
    Private {
        _map: PrivateMap,
    },
    Owned {
        _memory: Memory,
    },
    Shared {
        array: Arc<SharedArray>,
        of: Arc<SharedArrays>,
    },
}

/// What is known of a record before its payload is touched.
struct Plan<'f> {
    part: &'f Part,
    local: usize,
    /// The number by which the caller knows the record.
    record: u64,
    layout: Layout,
    /// The element type that was asked for.
    dtype: Dtype,
    slab: Slab,
    payload_offset: u64,
    payload_bytes: u64,
    /// Whether missing values are to be replaced.
    substitute: bool,
}

/// The array that a view of a record gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Natural {
    /// Element type.
    pub dtype: Dtype,
    /// Bytes of the array.
    pub bytes: u64,
    /// Whether the payload is that array, aligned in the file.
    pub mappable: bool,
}

/// The arrays that views of the records of one part give with default options.
pub(crate) struct Naturals<'f> {
    part: &'f Part,
    missing: Missing,
    /// What came of the last packing: records that follow one another often share it.
    last: Option<(Keys, Option<Layout>)>,
}

impl<'f> Naturals<'f> {
    pub fn new(part: &'f Part, missing: Missing) -> Naturals<'f> {
        Naturals { part, missing, last: None }
    }

    /// The array of a record, which has these key words; `None` when it cannot be decoded.
    pub fn of(&mut self, local: usize, keys: &Keys) -> Option<Natural> {
        let layout = match &self.last {
            Some((last, layout)) if keys::agree(last, keys, &keys::PACKING) => *layout,
            _ => {
                let layout = self.part.directory.packing_of(keys).layout().ok();
                self.last = Some((*keys, layout));
                layout
            }
        }?;
        Natural::of(self.part, local, &layout, self.missing)
    }
}

impl Natural {
    /// The array of a record of `part` that has this layout; `None` when it cannot be decoded.
    #[inline(always)]
    fn of(part: &Part, local: usize, layout: &Layout, missing: Missing) -> Option<Natural> {
        let substitute = layout.has_missing() && missing != Missing::Keep;
        match part.directory.refusal(local) {
            Some(_) => None,
            None => Natural::new(layout, &part.directory.extent(local), substitute),
        }
    }

    /// `None` for an array that the payload cannot fill, or that no memory can hold.
    #[inline(always)]
    fn new(layout: &Layout, extent: &Extent, substitute: bool) -> Option<Natural> {
        let dtype = layout.dtype;
        let bytes = layout.elements.checked_mul(dtype.itemsize() as u64)?;
        if extent.payload_bytes < layout.least_payload_bytes() {
            return None;
        }
        let mappable = !substitute
            && layout.in_place() == Some(ByteOrder::NATIVE)
            // A power of two: no division for each of a million records.
            && extent.payload_offset & (dtype.alignment() as u64 - 1) == 0;
        (bytes <= isize::MAX as u64).then_some(Natural { dtype, bytes, mappable })
    }
}

/// Payload bytes that are read and decoded at a time: what stays in the cache of a core.
const PIECE: u64 = 128 * 1024;

/// Scratch memory that a thread keeps for the next payload, at most.
const KEPT_SCRATCH: u64 = 1024 * 1024;

impl File {
    /// The array that a view of `record` gives with default options.
    pub fn natural(&self, record: usize) -> Result<Natural> {
        match self.record_and_array(record)? {
            (_, Some(natural)) => Ok(natural),
            // What a view would be told says why there is none.
            (_, None) => Err(match self.plan(record, &ViewOptions::default()) {
                Err(error) => error,
                Ok(plan) => match self.decoder(&plan) {
                    Err(error) => error,
                    Ok(_) => plan.fault(Fault::corrupt("an array that no memory can hold")),
                },
            }),
        }
    }

    /// What is known of a record, and the array that a view of it gives with default options; `None` when it cannot be
    /// decoded, [`File::natural`] says why.
    #[inline(always)]
    pub fn record_and_array(&self, record: usize) -> Result<(RecordInfo, Option<Natural>)> {
        let (number, local) = self.locate(record)?;
        let part = self.part(number);
        let keys = &part.directory.keys(local);
        let layout = part.directory.packing_of(keys).layout().ok();
        let natural = layout.and_then(|layout| Natural::of(part, local, &layout, self.options.missing));
        Ok((part.record(local, keys), natural))
    }

    /// A view of a record.
    pub fn view(&self, record: usize, options: &ViewOptions) -> Result<View> {
        let plan = self.plan(record, options)?;
        if let Some(view) = self.mapped_view(&plan, options)? {
            return Ok(view);
        }
        self.check_limit(&plan)?;
        if options.writable {
            let (memory, origin) = self.filled(&plan)?;
            let shape = plan.slab.count();
            let data = memory.address();
            return Ok(self.new_view(&plan, shape, origin, options, data, Holder::Owned { _memory: memory }));
        }
        if !plan.slab.is_whole() {
            // A part of an array that is there already costs nothing; otherwise only the part is decoded.
            if let Some(array) = self.shared.find(plan.record, plan.dtype) {
                let at = plan.slab.first() as usize * plan.dtype.itemsize();
                let data = array.memory.address().wrapping_add(at);
                let holder = Holder::Shared { array, of: self.shared.clone() };
                return Ok(self.new_view(&plan, plan.layout.shape, Origin::Shared, options, data, holder));
            }
            let (memory, origin) = self.filled(&plan)?;
            let data = memory.address();
            let holder = Holder::Owned { _memory: memory };
            return Ok(self.new_view(&plan, plan.slab.count(), origin, options, data, holder));
        }
        let mut origin = Origin::Shared;
        let (array, _) = self.shared.get(plan.record, plan.dtype, || {
            let (memory, how) = self.filled(&plan)?;
            origin = how;
            Ok::<_, Error>((memory, plan.bytes()))
        })?;
        let data = array.memory.address();
        let holder = Holder::Shared { array, of: self.shared.clone() };
        Ok(self.new_view(&plan, plan.layout.shape, origin, options, data, holder))
    }

    /// Fills `destination` with a record, or with a slab of it.
    ///
    /// # Safety
    /// `destination` must be null or point to `bytes` writable bytes that nobody else uses during the call.
    pub unsafe fn read(
        &self,
        record: usize,
        options: &ViewOptions,
        dtype: Dtype,
        destination: *mut u8,
        bytes: usize,
    ) -> Result<()> {
        if options.dtype.is_some_and(|other| other != dtype) {
            return Err(Error::InvalidArgument(format!(
                "the options ask for elements {}, the call for {dtype}",
                options.dtype.map_or("", Dtype::name)
            )));
        }
        let plan = self.plan(record, &ViewOptions { dtype: Some(dtype), ..*options })?;
        let needed = plan.bytes();
        if destination.is_null() {
            return Err(Error::InvalidArgument(format!("{}: the destination is null", plan.place())));
        }
        if !(destination as usize).is_multiple_of(dtype.alignment()) {
            return Err(Error::InvalidArgument(format!(
                "{}: the destination {destination:p} is not aligned for {dtype} ({} bytes)",
                plan.place(),
                dtype.alignment()
            )));
        }
        if (bytes as u64) < needed {
            return Err(Error::ShapeMismatch(format!(
                "{}: {needed} bytes ({} elements {dtype}) do not fit in a destination of {bytes}",
                plan.place(),
                plan.slab.elements()
            )));
        }
        // SAFETY: not null, aligned, at least `needed` bytes of the caller's, who promised that nobody else uses them
        // (and a real buffer is below isize::MAX).
        let elements = unsafe { memory::elements(destination, dtype, plan.slab.elements() as usize) };
        self.fill(&plan, elements).map(|_| ())
    }

    /// Fails when the array is larger than the caller allows.
    fn check_limit(&self, plan: &Plan) -> Result<()> {
        let limit = self.options.max_array_bytes;
        if limit != 0 && plan.bytes() > limit {
            return Err(Error::Limit(format!(
                "{}: an array of {} bytes, max_array_bytes is {limit}",
                plan.place(),
                plan.bytes()
            )));
        }
        Ok(())
    }

    fn plan(&self, record: usize, options: &ViewOptions) -> Result<Plan<'_>> {
        let (number, local) = self.locate(record)?;
        let part = self.part(number);
        let extent = part.directory.extent(local);
        let record = record as u64;
        let wrap = |fault| Error::Format { place: Place::record(part.source.path(), record), fault };
        if let Some(refusal) = part.directory.refusal(local) {
            return Err(wrap(part.directory.refusal_fault(local, refusal, part.source.len())));
        }
        let layout = part
            .directory
            .packing(local)
            .layout()
            .map_err(|fault| wrap(fault.shifted(extent.record_offset)))?;
        let dtype = options.dtype.unwrap_or(layout.dtype);
        if !layout.dtype.widens_to(dtype) {
            return Err(Error::TypeMismatch(format!(
                "{}: elements {} cannot all be held by {dtype}",
                Place::record(part.source.path(), record),
                layout.dtype
            )));
        }
        let slab = Slab::new(layout.shape, options.slab_start, options.slab_count)
            .map_err(|error| located(error, &Place::record(part.source.path(), record)))?;
        let substitute = layout.has_missing() && self.options.missing != Missing::Keep;
        let plan = Plan {
            part,
            local,
            record,
            layout,
            dtype,
            slab,
            payload_offset: extent.payload_offset,
            payload_bytes: extent.payload_bytes,
            substitute,
        };
        if slab.elements().checked_mul(dtype.itemsize() as u64).is_none_or(|bytes| bytes > isize::MAX as u64)
        {
            return Err(
                plan.fault(Fault::corrupt(format!("an array of {} elements {dtype}", slab.elements())))
            );
        }
        Ok(plan)
    }

    /// The view of a record whose payload is the array and lies in memory; `None` for any other.
    fn mapped_view(&self, plan: &Plan, options: &ViewOptions) -> Result<Option<View>> {
        let Some(order) =
            plan.layout.in_place().filter(|_| !plan.substitute && plan.dtype == plan.layout.dtype)
        else {
            return Ok(None);
        };
        if order != ByteOrder::NATIVE && !(options.any_byte_order && order == ByteOrder::Big) {
            return Ok(None);
        }
        let itemsize = plan.dtype.itemsize() as u64;
        if plan.payload_bytes < plan.layout.least_payload_bytes() {
            // Refused where payloads are looked at, in the same words however the file is reached.
            return Ok(None);
        }
        let source = &plan.part.source;
        let Some(address) = source.address(plan.payload_offset, plan.payload_bytes) else { return Ok(None) };
        if !(address as usize).is_multiple_of(plan.dtype.alignment()) {
            return Ok(None);
        }
        plan.part.directory.check_record(plan.local, source).map_err(|trouble| plan.trouble(trouble))?;
        let offset = plan.payload_offset + plan.slab.first() * itemsize;
        let span = (plan.slab.last() - plan.slab.first() + 1) * itemsize;
        if options.prefetch {
            source.prefetch(offset, span);
        }
        let (data, holder) = if options.writable {
            match source.private_map(offset, span) {
                None => return Ok(None),
                Some(Err(error)) => {
                    return Err(Error::system(
                        source.path(),
                        format!("cannot map {span} bytes privately"),
                        error,
                    ));
                }
                Some(Ok(map)) => (map.address(), Holder::Private { _map: map }),
            }
        } else {
            let at = (plan.slab.first() * itemsize) as usize;
            (address.wrapping_add(at), Holder::Source { source: source.clone(), offset })
        };
        let mut view = self.new_view(plan, plan.layout.shape, Origin::Mapped, options, data, holder);
        view.big_endian = order == ByteOrder::Big && itemsize > 1;
        Ok(Some(view))
    }

    /// A view of the slab of `plan` inside an array of shape `within`.
    fn new_view(
        &self,
        plan: &Plan,
        within: [u64; 3],
        origin: Origin,
        options: &ViewOptions,
        data: *const u8,
        holder: Holder,
    ) -> View {
        let itemsize = plan.dtype.itemsize() as u64;
        let strides = [itemsize, itemsize * within[0], itemsize * within[0] * within[1]];
        let view = View {
            dtype: plan.dtype,
            shape: plan.slab.count(),
            strides,
            origin,
            writable: options.writable,
            big_endian: cfg!(target_endian = "big") && itemsize > 1,
            data,
            holder: Some(holder),
            stats: self.stats.clone(),
        };
        self.stats.view_made(origin, view.bytes());
        view
    }

    /// New memory with the array of `plan` in it.
    fn filled(&self, plan: &Plan) -> Result<(Memory, Origin)> {
        // Before anything is allocated, the payload must be able to fill it.
        let decoder = self.decoder(plan)?;
        let mut memory = plan.memory(plan.bytes())?;
        let elements = memory
            .elements(plan.dtype, plan.slab.elements())
            .ok_or_else(|| Error::Internal("memory smaller than its array".to_owned()))?;
        let origin = self.fill_with(plan, &decoder, elements)?;
        Ok((memory, origin))
    }

    fn fill(&self, plan: &Plan, elements: Elements<'_>) -> Result<Origin> {
        let decoder = self.decoder(plan)?;
        self.fill_with(plan, &decoder, elements)
    }

    fn decoder(&self, plan: &Plan) -> Result<Decoder> {
        let source = &plan.part.source;
        let mut head = [0; Layout::HEAD_BYTES];
        let head = plan
            .part
            .directory
            .payload_head(plan.local, source, &mut head)
            .map_err(|trouble| plan.trouble(trouble))?;
        let decoder =
            plan.layout.decoder(head, plan.payload_bytes).map_err(|fault| plan.payload_fault(fault))?;
        if plan.slab.last() >= decoder.decodable() {
            return Err(plan.payload_fault(Fault::unsupported(format!(
                "a compressed record of {} levels, of which its writer kept only the first: view the slab k = 0",
                plan.layout.shape[2]
            ))));
        }
        Ok(decoder)
    }

    /// Fills `elements`, which has the size of the slab, from the payload.
    fn fill_with(&self, plan: &Plan, decoder: &Decoder, elements: Elements<'_>) -> Result<Origin> {
        let whole_level = plan.slab.first() == 0 && plan.slab.elements() == decoder.decodable();
        let straight = match decoder.access() {
            Access::Elements => !plan.substitute || whole_level,
            Access::Level => whole_level,
        };
        // 64-bit integers have no code of their own: narrower ones get theirs before they are widened.
        let widened_integer = plan.substitute
            && plan.dtype != plan.layout.dtype
            && matches!(plan.dtype, Dtype::U64 | Dtype::I64);
        if straight && !widened_integer {
            return self.fill_straight(plan, decoder, elements);
        }
        if decoder.access() == Access::Level && !plan.substitute {
            // `decoder` has seen to it that the slab is of the first level.
            self.with_payload(plan, 0..plan.payload_bytes, |payload| {
                decoder.decode_part(payload, plan.slab.range(0), plan.slab.range(1), elements)
            })?;
            self.stats.decoded(plan.bytes());
            return Ok(Origin::Decoded);
        }
        let inner = if widened_integer { plan.layout.dtype } else { plan.dtype };
        let whole = Plan {
            slab: Slab::new(level_shape(plan.layout.shape, decoder.decodable()), [0; 3], [0; 3])?,
            dtype: inner,
            ..*plan
        };
        let mut memory = whole.memory(whole.bytes())?;
        let small = || Error::Internal("memory smaller than its level".to_owned());
        let level = memory.elements(inner, decoder.decodable()).ok_or_else(small)?;
        let origin = self.fill_straight(&whole, decoder, level)?;
        let level = memory.elements(inner, decoder.decodable()).ok_or_else(small)?;
        copy_runs(&level, elements, plan.slab.runs().map(|run| (run.first, run.count)))
            .map_err(|fault| plan.payload_fault(fault))?;
        Ok(origin)
    }

    /// Fills `elements` run by run, and replaces missing values.
    fn fill_straight(&self, plan: &Plan, decoder: &Decoder, mut elements: Elements<'_>) -> Result<Origin> {
        let in_place = plan.layout.in_place() == Some(ByteOrder::NATIVE) && plan.dtype == plan.layout.dtype;
        let reorder = plan.layout.reorder().filter(|_| plan.dtype == plan.layout.dtype);
        let source = &plan.part.source;
        for run in plan.slab.runs() {
            let mut target = elements
                .part(run.to as usize, run.count as usize)
                .ok_or_else(|| Error::Internal("a slab larger than its destination".to_owned()))?;
            if in_place || reorder.is_some() {
                let itemsize = plan.dtype.itemsize() as u64;
                let at = plan.payload_offset + run.first * itemsize;
                memory::as_bytes(&mut target, |bytes| match reorder {
                    None => source.read_at(bytes, at),
                    // Each piece is put in order while it is in cache.
                    Some(reorder) => bytes
                        .chunks_mut(PIECE as usize)
                        .zip((at..).step_by(PIECE as usize))
                        .try_for_each(|(piece, at)| {
                            source.read_at(piece, at)?;
                            reorder.apply(piece);
                            Ok(())
                        }),
                })
                .map_err(|error| plan.read_error(error))?;
                self.stats.read(run.count * itemsize);
                continue;
            }
            self.decode_run(plan, decoder, run.first, target)?;
        }
        let bytes = plan.bytes();
        if !in_place {
            self.stats.decoded(bytes);
        }
        if plan.substitute {
            missing::substitute(elements, self.options.missing, &self.codes);
        }
        Ok(match (in_place, source.is_memory()) {
            (true, true) => Origin::Copied,
            (true, false) => Origin::Read,
            (false, _) => Origin::Decoded,
        })
    }

    /// Decodes a run of elements, piece by piece where the packing allows it.
    fn decode_run(&self, plan: &Plan, decoder: &Decoder, first: u64, mut target: Elements<'_>) -> Result<()> {
        let count = target.len() as u64;
        let span = decoder.span(first, count);
        let whole = span.end - span.start;
        let step = match decoder.access() {
            Access::Level => count,
            // A multiple of 32 elements keeps every piece at the same place within its words.
            Access::Elements if whole > PIECE => (count * PIECE / whole / 32 * 32).max(32),
            Access::Elements => count,
        };
        let mut done = 0;
        while done < count {
            let now = step.min(count - done);
            let span = decoder.span(first + done, now);
            let part = target
                .part(done as usize, now as usize)
                .ok_or_else(|| Error::Internal("a run larger than its destination".to_owned()))?;
            self.with_payload(plan, span, |payload| decoder.decode(payload, first + done, part))?;
            done += now;
        }
        Ok(())
    }

    /// Lends bytes of the payload: where they lie, or read to scratch memory.
    fn with_payload(
        &self,
        plan: &Plan,
        span: Range<u64>,
        work: impl FnOnce(&[u8]) -> std::result::Result<(), Fault>,
    ) -> Result<()> {
        let source = &plan.part.source;
        let (at, bytes) = (plan.payload_offset + span.start, span.end - span.start);
        match source.stable_bytes(at, bytes) {
            Some(payload) => work(payload).map_err(|fault| plan.payload_fault(fault)),
            None => with_scratch(bytes, |scratch| {
                let scratch = scratch.map_err(|error| plan.read_error(error))?;
                source.read_at(scratch, at).map_err(|error| plan.read_error(error))?;
                self.stats.read(bytes);
                work(scratch).map_err(|fault| plan.payload_fault(fault))
            }),
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl Plan<'_> {
    fn bytes(&self) -> u64 {
        self.slab.elements() * self.dtype.itemsize() as u64
    }

    fn memory(&self, bytes: u64) -> Result<Memory> {
        Memory::zeroed(bytes)
            .ok_or_else(|| Error::NoMemory { bytes, purpose: format!("the array of {}", self.place()) })
    }

    fn place(&self) -> Place {
        Place::record(self.part.source.path(), self.record)
    }

    fn fault(&self, fault: Fault) -> Error {
        Error::Format { place: self.place(), fault }
    }

    fn payload_fault(&self, fault: Fault) -> Error {
        self.fault(fault.shifted(self.payload_offset))
    }

    fn read_error(&self, error: ReadError) -> Error {
        error.into_error(self.part.source.path(), Some(self.record))
    }

    fn trouble(&self, trouble: Trouble) -> Error {
        match trouble {
            Trouble::Fault(fault) => self.fault(fault),
            Trouble::Read(error) => self.read_error(error),
        }
    }
}

/// The shape of the levels of `shape` that `elements` elements fill.
fn level_shape(shape: [u64; 3], elements: u64) -> [u64; 3] {
    if elements < shape.iter().product() { [shape[0], shape[1], 1] } else { shape }
}

fn located(error: Error, place: &Place) -> Error {
    match error {
        Error::OutOfRange(what) => Error::OutOfRange(format!("{place}: {what}")),
        other => other,
    }
}

/// Lends `bytes` bytes of this thread's scratch memory, whose content is arbitrary.
fn with_scratch<T>(bytes: u64, work: impl FnOnce(std::result::Result<&mut [u8], ReadError>) -> T) -> T {
    if bytes > KEPT_SCRATCH {
        return match Memory::for_a_moment(bytes) {
            Some(mut memory) => work(Ok(&mut memory.bytes_mut()[..bytes as usize])),
            None => work(Err(ReadError::NoMemory(bytes))),
        };
    }
    let mut own = kept::take();
    let len = bytes as usize;
    if own.len() < len {
        let more = len - own.len();
        if own.try_reserve_exact(more).is_err() {
            return work(Err(ReadError::NoMemory(bytes)));
        }
        own.resize(len, 0);
    }
    let result = work(Ok(&mut own[..len]));
    kept::put(own);
    result
}

impl View {
    /// Element type.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Elements along i, j, k.
    pub fn shape(&self) -> [u64; 3] {
        self.shape
    }

    /// Bytes between neighbours along i, j, k.
    pub fn strides(&self) -> [u64; 3] {
        self.strides
    }

    /// 3, less trailing extents of 1; at least 1.
    pub fn rank(&self) -> u32 {
        match self.shape {
            [_, 1, 1] => 1,
            [_, _, 1] => 2,
            _ => 3,
        }
    }

    /// What it cost.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the array may be changed.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// Whether the elements are big-endian.
    pub fn is_big_endian(&self) -> bool {
        self.big_endian
    }

    /// Number of elements.
    pub fn elements(&self) -> u64 {
        self.shape.iter().product()
    }

    /// Bytes from the first byte of the first element to the last byte of the last one.
    pub fn bytes(&self) -> u64 {
        let reach: u64 = (0..3).map(|axis| (self.shape[axis] - 1) * self.strides[axis]).sum();
        reach + self.dtype.itemsize() as u64
    }

    /// Address of element (0, 0, 0), never null and always aligned; valid while the view lives. A mapped view cannot
    /// promise that the file stays as long as it was.
    pub fn data(&self) -> *const u8 {
        self.data
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.stats.view_gone(self.bytes());
        if let Some(Holder::Shared { array, of }) = self.holder.take() {
            of.release(array);
        }
    }
}
