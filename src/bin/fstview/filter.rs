// SPDX-License-Identifier: MIT OR Apache-2.0
//! Options that choose records.

use clap::Args;
use fstview::attributes::date::CalendarDate;
use fstview::container::Attributes;
use fstview::file::File;
use fstview::query::{self, Criteria};

use crate::natural::{self, WantedDate, WantedLevel};

/// Records meet every option; an option with several values, separated by commas or given again, is met by any of them.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters (values separated by commas are alternatives)")]
pub struct Filter {
    /// Names of variables
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    nomvar: Vec<String>,
    /// Types of field
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    typvar: Vec<String>,
    /// Labels
    #[arg(long, value_delimiter = ',', value_name = "LABEL")]
    etiket: Vec<String>,
    /// Grid types
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    grtyp: Vec<String>,
    /// Levels with their unit: 500hPa, 0.995hy, 0.5sg, 10M (above ground), 10m (above sea level)
    #[arg(long, value_delimiter = ',', value_name = "LEVEL", allow_negative_numbers = true)]
    level: Vec<WantedLevel>,
    /// Dates of validity: 2024-01-15T12:00; a day alone is the whole day
    #[arg(long, value_delimiter = ',', value_name = "DATE")]
    valid: Vec<WantedDate>,
    /// Dates of origin, likewise
    #[arg(long, value_delimiter = ',', value_name = "DATE")]
    origin: Vec<WantedDate>,
    /// Stamps of validity
    #[arg(long, value_delimiter = ',', value_name = "STAMP", allow_negative_numbers = true)]
    datev: Vec<i32>,
    /// Stamps of origin
    #[arg(long, value_delimiter = ',', value_name = "STAMP", allow_negative_numbers = true)]
    dateo: Vec<i32>,
    /// First level or tag code
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ip1: Vec<i32>,
    /// Second code: usually the forecast hour
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ip2: Vec<i32>,
    /// Third code
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ip3: Vec<i32>,
    /// First grid parameter
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ig1: Vec<i32>,
    /// Second grid parameter
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ig2: Vec<i32>,
    /// Third grid parameter
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ig3: Vec<i32>,
    /// Fourth grid parameter
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ig4: Vec<i32>,
    /// Points along the first axis
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    ni: Vec<i32>,
    /// Points along the second axis
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    nj: Vec<i32>,
    /// Points along the third axis
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    nk: Vec<i32>,
    /// Length of a time step, seconds
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    deet: Vec<i32>,
    /// Number of time steps
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    npas: Vec<i32>,
    /// Data type as stored, flags included
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    data_type: Vec<i32>,
    /// Bits of an unpacked element
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    data_bits: Vec<i32>,
    /// Bits of a packed element
    #[arg(long, value_delimiter = ',', value_name = "N", allow_negative_numbers = true)]
    pack_bits: Vec<i32>,
    /// Find --ip1, --ip2 and --ip3 in every encoding of the same value
    #[arg(long)]
    any_encoding: bool,
    /// Compare stamps to the last digit, run numbers included
    #[arg(long)]
    exact_stamps: bool,
    /// Leave out grid descriptors
    #[arg(long)]
    no_descriptors: bool,
}

impl Filter {
    /// The numbers of the records that meet the options, in file order.
    pub fn select(&self, file: &File) -> fstview::Result<Vec<usize>> {
        let mut common = Criteria {
            ip_all: [self.any_encoding; 3],
            stamp_norun: self.exact_stamps,
            skip_grid_descriptors: self.no_descriptors,
            ..Criteria::default()
        };
        // One search for all options with one value, one more for each value of the others.
        let mut others = Vec::new();
        let blank = common.clone();
        let mut texts = |values: &[String], set: fn(&mut Criteria, Vec<u8>)| {
            alternatives(values, &mut common, &mut others, &blank, |to, value| {
                set(to, value.clone().into_bytes())
            });
        };
        texts(&self.nomvar, |to, value| to.nomvar = value);
        texts(&self.typvar, |to, value| to.typvar = value);
        texts(&self.etiket, |to, value| to.etiket = value);
        texts(&self.grtyp, |to, value| to.grtyp = value);
        let mut numbers = |values: &[i32], set: fn(&mut Criteria, i32)| {
            alternatives(values, &mut common, &mut others, &blank, |to, value| set(to, *value));
        };
        numbers(&self.datev, |to, value| to.datev = value);
        numbers(&self.dateo, |to, value| to.dateo = value);
        numbers(&self.ip1, |to, value| to.ip[0] = value);
        numbers(&self.ip2, |to, value| to.ip[1] = value);
        numbers(&self.ip3, |to, value| to.ip[2] = value);
        numbers(&self.ig1, |to, value| to.ig[0] = value);
        numbers(&self.ig2, |to, value| to.ig[1] = value);
        numbers(&self.ig3, |to, value| to.ig[2] = value);
        numbers(&self.ig4, |to, value| to.ig[3] = value);
        numbers(&self.ni, |to, value| to.shape[0] = value);
        numbers(&self.nj, |to, value| to.shape[1] = value);
        numbers(&self.nk, |to, value| to.shape[2] = value);
        numbers(&self.deet, |to, value| to.deet = value);
        numbers(&self.npas, |to, value| to.npas = value);
        numbers(&self.data_type, |to, value| to.data_type = value);
        numbers(&self.data_bits, |to, value| to.data_bits = value);
        numbers(&self.pack_bits, |to, value| to.pack_bits = value);

        let mut selected = query::find(file, &common)?;
        for option in &others {
            let mut met = vec![false; file.record_count()];
            for criteria in option {
                for record in query::find(file, criteria)? {
                    met[record] = true;
                }
            }
            selected.retain(|record| met[*record]);
        }
        if self.level.is_empty() && self.valid.is_empty() && self.origin.is_empty() {
            return Ok(selected);
        }
        let mut accepted = Vec::new();
        for record in selected {
            if self.accepts(&file.record(record)?.attributes) {
                accepted.push(record);
            }
        }
        Ok(accepted)
    }

    /// Whether levels and dates, which are compared by what they mean, are those asked for.
    fn accepts(&self, attributes: &Attributes) -> bool {
        let is_any = |wanted: &[WantedDate], date: Option<CalendarDate>| {
            wanted.is_empty() || wanted.iter().any(|wanted| wanted.matches(date))
        };
        (self.level.is_empty() || self.level.iter().any(|level| level.matches(attributes)))
            && is_any(&self.valid, natural::valid(attributes))
            && is_any(&self.origin, natural::origin(attributes))
    }
}

/// Puts the only value of an option into `common`, or a search for each of several values into `others`.
fn alternatives<T>(
    values: &[T],
    common: &mut Criteria,
    others: &mut Vec<Vec<Criteria>>,
    blank: &Criteria,
    set: impl Fn(&mut Criteria, &T),
) {
    match values {
        [] => {}
        [value] => set(common, value),
        values => others.push(
            values
                .iter()
                .map(|value| {
                    let mut criteria = blank.clone();
                    set(&mut criteria, value);
                    criteria
                })
                .collect(),
        ),
    }
}
