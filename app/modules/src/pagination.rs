//! Pages of a query's results, as the SDK's `types/query` makes them, quirks included.

use iz_core::{Context, Error, Result};
use iz_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use iz_store::{KeyRange, StoreKey, prefix_end};

/// How many results a page has if the request does not say.
const DEFAULT_LIMIT: u64 = 100;

/// A request with its defaults filled in.
struct Page {
    key: Vec<u8>,
    offset: u64,
    limit: u64,
    count_total: bool,
    reverse: bool,
}

impl Page {
    fn of(request: Option<&PageRequest>) -> Result<Self> {
        let request = request.cloned().unwrap_or_default();
        let mut page = Self {
            key: request.key,
            offset: request.offset,
            limit: request.limit,
            count_total: request.count_total,
            reverse: request.reverse,
        };
        if page.limit == 0 {
            page.limit = DEFAULT_LIMIT;
            page.count_total = true;
        }
        if page.offset > 0 && !page.key.is_empty() {
            return Err(Error::plain("invalid request, either offset or key is expected, got both"));
        }
        Ok(page)
    }

    /// Offset and limit add up as Go's numbers do.
    fn end(&self) -> u64 {
        self.offset.wrapping_add(self.limit)
    }
}

fn joined(prefix: &[u8], key: &[u8]) -> Vec<u8> {
    [prefix, key].concat()
}

/// The range a plain page walks: backwards, it ends after the entry the key names.
fn plain_range(context: &mut Context, store: StoreKey, prefix: &[u8], page: &Page) -> Result<KeyRange> {
    let mut range = KeyRange::prefix(prefix.to_vec());
    if page.key.is_empty() {
        return Ok(range);
    }
    let start = joined(prefix, &page.key);
    if !page.reverse {
        range.start = start.into();
        return Ok(range);
    }
    let forward = KeyRange::new(start, range.end.clone());
    let mut cursor = context.iterate(store, forward)?;
    if cursor.entry().is_some() {
        cursor.advance(context)?;
        let Some((key, _)) = cursor.entry() else {
            return Err(Error::panic("prefixIterator invalid, cannot call Key()"));
        };
        range.end = Some(key.clone());
    }
    Ok(range)
}

/// `query.Paginate` over the keys that begin with `prefix`; `on_result` gets the rest of each key.
pub fn paginate(
    context: &mut Context,
    store: StoreKey,
    prefix: &[u8],
    request: Option<&PageRequest>,
    mut on_result: impl FnMut(&mut Context, &[u8], &[u8]) -> Result<()>,
) -> Result<PageResponse> {
    let page = Page::of(request)?;
    let range = plain_range(context, store, prefix, &page)?;
    let mut cursor = open(context, store, range, page.reverse)?;
    let (mut count, mut next_key) = (0_u64, Vec::new());
    if !page.key.is_empty() {
        while let Some((key, value)) = cursor.entry().cloned() {
            if count == page.limit {
                next_key = key[prefix.len()..].to_vec();
                break;
            }
            on_result(context, &key[prefix.len()..], &value)?;
            count += 1;
            cursor.advance(context)?;
        }
        return Ok(PageResponse { next_key, total: 0 });
    }
    let end = page.end();
    while let Some((key, value)) = cursor.entry().cloned() {
        count += 1;
        if count > page.offset {
            if count <= end {
                on_result(context, &key[prefix.len()..], &value)?;
            } else if count == end.wrapping_add(1) {
                next_key = key[prefix.len()..].to_vec();
                if !page.count_total {
                    break;
                }
            }
        }
        cursor.advance(context)?;
    }
    Ok(PageResponse { next_key, total: if page.count_total { count } else { 0 } })
}

/// `query.FilteredPaginate`: `on_result` says whether the entry counts, and keeps it only if its last argument says so.
pub fn filtered(
    context: &mut Context,
    store: StoreKey,
    prefix: &[u8],
    request: Option<&PageRequest>,
    mut on_result: impl FnMut(&mut Context, &[u8], &[u8], bool) -> Result<bool>,
) -> Result<PageResponse> {
    let page = Page::of(request)?;
    let range = plain_range(context, store, prefix, &page)?;
    let mut cursor = open(context, store, range, page.reverse)?;
    let (mut hits, mut next_key) = (0_u64, Vec::new());
    if !page.key.is_empty() {
        while let Some((key, value)) = cursor.entry().cloned() {
            if hits == page.limit {
                next_key = key[prefix.len()..].to_vec();
                break;
            }
            hits += u64::from(on_result(context, &key[prefix.len()..], &value, true)?);
            cursor.advance(context)?;
        }
        return Ok(PageResponse { next_key, total: 0 });
    }
    let end = page.end();
    while let Some((key, value)) = cursor.entry().cloned() {
        let keep = hits >= page.offset && hits < end;
        hits += u64::from(on_result(context, &key[prefix.len()..], &value, keep)?);
        if hits == end.wrapping_add(1) {
            if next_key.is_empty() {
                next_key = key[prefix.len()..].to_vec();
            }
            if !page.count_total {
                break;
            }
        }
        cursor.advance(context)?;
    }
    Ok(PageResponse { next_key, total: if page.count_total { hits } else { 0 } })
}

/// `query.CollectionPaginate`: `prefix` is the collection's, `part` the first part of its keys if the request names one.
/// `transform` gets what follows both.
pub fn collection<T>(
    context: &mut Context,
    store: StoreKey,
    prefix: &[u8],
    part: &[u8],
    request: Option<&PageRequest>,
    transform: impl FnMut(&mut Context, &[u8], &[u8]) -> Result<T>,
) -> Result<(Vec<T>, PageResponse)> {
    collection_filtered(context, store, prefix, part, request, |_, _, _| Ok(true), transform)
}

/// `query.CollectionFilteredPaginate`.
pub fn collection_filtered<T>(
    context: &mut Context,
    store: StoreKey,
    prefix: &[u8],
    part: &[u8],
    request: Option<&PageRequest>,
    mut include: impl FnMut(&mut Context, &[u8], &[u8]) -> Result<bool>,
    mut transform: impl FnMut(&mut Context, &[u8], &[u8]) -> Result<T>,
) -> Result<(Vec<T>, PageResponse)> {
    let page = Page::of(request)?;
    let base = joined(prefix, part);
    let mut range = KeyRange::prefix(base.clone());
    if !page.key.is_empty() {
        let start = joined(&base, &page.key);
        if page.reverse {
            range.end = prefix_end(&start);
        } else {
            range.start = start.into();
        }
    }
    if range.end.as_ref().is_some_and(|end| range.start > *end) {
        return Ok((Vec::new(), PageResponse::default()));
    }
    let mut cursor = open(context, store, range, page.reverse)?;
    let (mut results, mut count, mut next_key) = (Vec::new(), 0_u64, Vec::new());
    if !page.key.is_empty() {
        while let Some((key, value)) = cursor.entry().cloned() {
            let rest = &key[base.len()..];
            if include(context, rest, &value)? {
                let result = transform(context, rest, &value)?;
                if count == page.limit {
                    next_key = rest.to_vec();
                    break;
                }
                results.push(result);
                count += 1;
            }
            cursor.advance(context)?;
        }
        return Ok((results, PageResponse { next_key, total: 0 }));
    }
    for _ in 0..page.offset {
        if cursor.entry().is_none() {
            // an offset beyond the end gives an empty page and no total
            return Ok((Vec::new(), PageResponse::default()));
        }
        cursor.advance(context)?;
    }
    while let Some((key, value)) = cursor.entry().cloned() {
        let rest = &key[base.len()..];
        if count < page.limit {
            if include(context, rest, &value)? {
                results.push(transform(context, rest, &value)?);
                count += 1;
            }
        } else {
            if count == page.limit {
                next_key = rest.to_vec();
                if !page.count_total {
                    break;
                }
            }
            count += u64::from(include(context, rest, &value)?);
        }
        cursor.advance(context)?;
    }
    let total = if page.count_total { count.wrapping_add(page.offset) } else { 0 };
    Ok((results, PageResponse { next_key, total }))
}

fn open(context: &mut Context, store: StoreKey, range: KeyRange, reverse: bool) -> Result<iz_core::Cursor> {
    if reverse { context.iterate_reverse(store, range) } else { context.iterate(store, range) }
}

#[cfg(test)]
mod tests {
    use iz_core::stores;

    use super::*;
    use crate::testing;

    fn filled() -> Context {
        let mut context = testing::context();
        for key in [b"a0", b"p1", b"p2", b"p3", b"p4", b"q0"] {
            context.set(stores::BANK, key.to_vec(), key[1..].to_vec()).unwrap();
        }
        context
    }

    fn texts(
        page: impl FnOnce(&mut Context, &mut Vec<String>) -> Result<PageResponse>,
    ) -> (String, String, u64) {
        let (mut context, mut seen) = (filled(), Vec::new());
        let response = page(&mut context, &mut seen).unwrap();
        (seen.concat(), String::from_utf8(response.next_key).unwrap(), response.total)
    }

    fn plain(request: PageRequest) -> (String, String, u64) {
        texts(|context, seen| {
            paginate(context, stores::BANK, b"p", Some(&request), |_, key, _| {
                seen.push(String::from_utf8_lossy(key).into_owned());
                Ok(())
            })
        })
    }

    fn collected(request: PageRequest) -> (String, String, u64) {
        texts(|context, seen| {
            let (found, response) =
                collection(context, stores::BANK, b"p", b"", Some(&request), |_, key, _| {
                    Ok(String::from_utf8_lossy(key).into_owned())
                })?;
            seen.extend(found);
            Ok(response)
        })
    }

    fn request(key: &str, offset: u64, limit: u64, count_total: bool, reverse: bool) -> PageRequest {
        PageRequest { key: key.into(), offset, limit, count_total, reverse }
    }

    #[test]
    fn pages_of_both_kinds_agree() {
        for page in [plain, collected] {
            let of = |text: &str, next: &str, total| (text.to_owned(), next.to_owned(), total);
            assert_eq!(page(PageRequest::default()), of("1234", "", 4));
            assert_eq!(page(request("", 0, 2, false, false)), of("12", "3", 0));
            assert_eq!(page(request("", 1, 2, true, false)), of("23", "4", 4));
            assert_eq!(page(request("3", 0, 2, false, false)), of("34", "", 0));
            assert_eq!(page(request("", 0, 3, false, true)), of("432", "1", 0));
            assert_eq!(page(request("2", 0, 3, false, true)), of("21", "", 0));
        }
    }

    #[test]
    fn an_offset_beyond_the_end_counts_only_in_plain_pages() {
        assert_eq!(plain(request("", 9, 2, true, false)).2, 4);
        assert_eq!(collected(request("", 9, 2, true, false)).2, 0);
        assert_eq!(collected(request("", 4, 2, true, false)).2, 4);
    }

    #[test]
    fn filtered_pages_count_hits() {
        let odd = texts(|context, seen| {
            filtered(context, stores::BANK, b"p", Some(&request("", 0, 1, true, false)), |_, key, _, keep| {
                let hit = key[0] % 2 == 1;
                if hit && keep {
                    seen.push(String::from_utf8_lossy(key).into_owned());
                }
                Ok(hit)
            })
        });
        assert_eq!(odd, ("1".to_owned(), "3".to_owned(), 2));
    }
}
