//! Pages between their unpacking and their decoding: what they claim to hold is checked here.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::delta;

/// A reader of pages that lets no page pass that claims more values than it can hold.
pub struct Vetted {
    pages: Box<dyn PageReader>,
    rows_left: usize,
    optional: bool,
}

impl Vetted {
    /// Reads the pages of a column without repetition, in a group of so many rows.
    pub fn new(pages: Box<dyn PageReader>, rows: usize, optional: bool) -> Vetted {
        Vetted { pages, rows_left: rows, optional }
    }

    fn vet(&mut self, page: &Page) -> Result<()> {
        let values = page.num_values() as usize;
        if page.is_dictionary_page() {
            // A value of a dictionary takes a byte at least.
            return ensure(values <= page.buffer().len());
        }
        ensure(values <= self.rows_left)?;
        self.rows_left -= values;
        let two = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => false,
            Encoding::DELTA_BYTE_ARRAY => true,
            _ => return Ok(()),
        };
        let start = self.values_start(page).ok_or_else(refusal)?;
        let values_bytes = page.buffer().get(start..).ok_or_else(refusal)?;
        delta::lengths_fit(values_bytes, two, values).ok_or_else(refusal)
    }

    /// Where the values begin behind the levels that say which cells are blank.
    fn values_start(&self, page: &Page) -> Option<usize> {
        match page {
            Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } => {
                (*def_levels_byte_len as usize).checked_add(*rep_levels_byte_len as usize)
            }
            Page::DataPage { .. } if !self.optional => Some(0),
            Page::DataPage { buf, def_level_encoding: Encoding::RLE, .. } => {
                (u32::from_le_bytes(*buf.first_chunk::<4>()?) as usize).checked_add(4)
            }
            // An old packing of the levels, which never came with these encodings.
            _ => None,
        }
    }
}

fn ensure(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(refusal()) }
}

fn refusal() -> ParquetError {
    ParquetError::General("a page claims more values than it can hold".to_owned())
}

impl PageReader for Vetted {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        page.iter().try_for_each(|page| self.vet(page))?;
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

impl Iterator for Vetted {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}
