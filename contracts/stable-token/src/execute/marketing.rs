//! cw20's marketing information: what wallets show.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use cw20::{EmbeddedLogo, Logo, LogoInfo, MarketingInfoResponse};

use crate::error::ContractError;
use crate::state::{LOGO, MARKETING};

const MOST_LOGO_BYTES: usize = 5 * 1024;
const MOST_TEXT_BYTES: usize = 2 * 1024;

fn only_marketing(deps: &DepsMut<'_>, info: &MessageInfo) -> Result<MarketingInfoResponse, ContractError> {
    let marketing = MARKETING.may_load(deps.storage)?.unwrap_or_default();
    if marketing.marketing.as_ref() != Some(&info.sender) {
        return Err(ContractError::NotMarketing);
    }
    Ok(marketing)
}

/// Nothing leaves a text as it is, an empty one removes it.
fn change(text: &mut Option<String>, new: Option<String>) -> Result<(), ContractError> {
    match new {
        Some(new) if new.len() > MOST_TEXT_BYTES => Err(ContractError::BadParameter("marketing text")),
        Some(new) => {
            *text = (!new.is_empty()).then_some(new);
            Ok(())
        }
        None => Ok(()),
    }
}

pub fn update(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    project: Option<String>,
    description: Option<String>,
    marketing: Option<String>,
) -> Result<Response, ContractError> {
    let mut stored = only_marketing(&deps, info)?;
    change(&mut stored.project, project)?;
    change(&mut stored.description, description)?;
    match marketing.as_deref() {
        Some("") => stored.marketing = None,
        Some(address) => stored.marketing = Some(deps.api.addr_validate(address)?),
        None => {}
    }
    MARKETING.save(deps.storage, &stored)?;
    Ok(Response::new().add_attribute("action", "update_marketing"))
}

pub fn upload_logo(deps: DepsMut<'_>, info: &MessageInfo, logo: &Logo) -> Result<Response, ContractError> {
    let mut stored = only_marketing(&deps, info)?;
    stored.logo = Some(check_logo(logo)?);
    LOGO.save(deps.storage, logo)?;
    MARKETING.save(deps.storage, &stored)?;
    Ok(Response::new().add_attribute("action", "upload_logo"))
}

pub fn check_logo(logo: &Logo) -> Result<LogoInfo, ContractError> {
    let (bytes, start): (&[u8], &[&[u8]]) = match logo {
        Logo::Url(url) if url.len() > MOST_TEXT_BYTES => return Err(ContractError::BadParameter("logo url")),
        Logo::Url(url) => return Ok(LogoInfo::Url(url.clone())),
        Logo::Embedded(EmbeddedLogo::Svg(bytes)) => (bytes, &[b"<?xml ", b"<svg "]),
        Logo::Embedded(EmbeddedLogo::Png(bytes)) => (bytes, &[b"\x89PNG\r\n\x1a\n"]),
    };
    if bytes.len() > MOST_LOGO_BYTES || !start.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(ContractError::BadLogo { most: MOST_LOGO_BYTES });
    }
    Ok(LogoInfo::Embedded)
}
