//! The settings, fields and requests of Omneo.

use super::*;

fn set_up(recipe: &str) -> Result<Box<dyn Target>> {
    let recipe = Recipe::parse(format!("[omneo]\n{recipe}"), "r").unwrap();
    configure(&recipe, &Overrides::default())
}

fn omneo() -> Box<dyn Target> {
    set_up("").unwrap()
}

/// The names that the recipe's settings put into the table, among some.
fn among(recipe: &str, names: &[&'static str]) -> Vec<&'static str> {
    let schema = set_up(recipe).unwrap().schema();
    names.iter().copied().filter(|name| schema.find(name).is_some()).collect()
}

fn made(recipe: &str, name: &str) -> Field {
    let mut schema = set_up(recipe).unwrap().schema();
    let index = schema.find_or_make(name).unwrap_or_else(|why| panic!("{name}: {why:?}"));
    schema.field(index).unwrap().clone()
}

fn unmade(recipe: &str, name: &str) -> Unmade {
    set_up(recipe).unwrap().schema().find_or_make(name).unwrap_err()
}

const DECLARED: &str =
    "[omneo.custom_attributes]\nloyalty.points = \"integer\"\nshop.size = \"string\"\n";

#[test]
fn names_make_the_fields_of_every_entry() {
    for (recipe, name, expected, path) in [
        ("", "addresses.12.city", "addresses.12.city", "addresses.12.city"),
        ("", "addresses.02.city", "addresses.2.city", "addresses.2.city"),
        (
            "",
            "dates_attributes.3.links.2.role",
            "dates_attributes.3.links.2.role",
            "dates_attributes.3.links.2.role",
        ),
        ("", "identities.2.handle", "identities.2.handle", "identities.2.handle"),
        ("", "identities.pos", "identities.pos", "identities.@pos.identifier"),
        ("", "identities.a.b", "identities.a.b", "identities.@a\u{1f}b.identifier"),
        ("", "identities.pos.is_active", "identities.pos.is_active", "identities.@pos.is_active"),
        (
            DECLARED,
            "custom_attributes.loyalty.points",
            "custom_attributes.loyalty.points",
            "custom_attributes.1",
        ),
        ("", "custom_attributes.a.b.c:float", "custom_attributes.a.b.c", "custom_attributes.1"),
        (
            DECLARED,
            "custom_attributes.loyalty.points:integer",
            "custom_attributes.loyalty.points",
            "custom_attributes.1",
        ),
        (
            "",
            "attributes.appearance.eye_colour",
            "attributes.appearance.eye_colour",
            "attributes.appearance.eye_colour",
        ),
        ("", "birth_day", "birth_date.day", "birth_day"),
        ("", "region", "region_handle", "region"),
        ("", "comms_attributes.sms_promo", "sms_promo", "comms_attributes.sms_promo"),
        (
            "consent_is_customer_act = true\nconsent = \"attributes\"\n",
            "sms_consent_updated_at",
            "sms_consent_updated_at",
            "attributes.comms.sms_consent_updated_at",
        ),
    ] {
        let field = made(recipe, name);
        assert_eq!((&*field.name, &*field.path), (expected, path), "{name}");
    }
    assert_eq!(unmade("", "nickname"), Unmade::Unknown);
}

#[test]
fn what_cannot_be_sent_is_refused_by_its_name() {
    for (recipe, name, part) in [
        ("", "id", "match_criteria"),
        ("", "external_id", "identities.HANDLE"),
        ("", "full_name", "first_name"),
        ("", "mobile_phone_e164", "mobile_phone"),
        ("", "tier", "leave the column out"),
        ("", "next_birthday", "read-only"),
        ("", "preferred_location", "preferred_location_external_code"),
        ("", "address", "addresses.1.address_line_1"),
        ("", "tags", "tags_mode"),
        ("statuses_mode = \"refuse\"\n", "statuses", "statuses_mode"),
        ("", "email_consent_updated_at", "consent_is_customer_act"),
        ("", "comms_attributes.sms_consent_updated_at", "consent_is_customer_act"),
        ("consent_is_customer_act = true\n", "attributes.comms.sms_consent_updated_at", "both"),
        ("", "push_promo", "email_promo"),
        ("", "email_optout", "each single profile"),
        ("", "comms_attributes.terms_accepted_at", "each single profile"),
        ("", "addresses.0.city", "count from 1"),
        ("", "identities.7", "identities.1.handle"),
        ("match_criteria = \"shopify\"\n", "identities.shopfy", "`identities.shopify`"),
        ("identities = [\"pos\"]\n", "identities.POS", "`identities.pos`"),
        ("region_style = \"single\"\n", "regions.2.handle", "region_id"),
        ("region_style = \"list\"\n", "region_id", "regions.1.region_id"),
        ("meta_as = \"list\"\n", "attributes.appearance.size", "meta_as"),
        ("", "attributes.appearance.a b", "letters, digits"),
        ("", "attributes.appearance.7", "letters, digits"),
        (DECLARED, "custom_attributes.loyalty.point", "`custom_attributes.loyalty.points`"),
        (
            DECLARED,
            "custom_attributes.loyalty.pionts:integer",
            "`custom_attributes.loyalty.points`",
        ),
        (DECLARED, "custom_attributes.loyalty.points:string", "integer"),
        (DECLARED, "custom_attributes.club.level", "custom_attributes.club.level:string"),
        ("", "custom_attributes.club.level:text", "array"),
        ("", "custom_attributes.club", "NAMESPACE.HANDLE"),
        ("", "custom:Shirt size", "custom_attributes.NAMESPACE.HANDLE"),
        ("", "custom_attributes.a:b.c:string", "colon"),
    ] {
        let Unmade::Refused { why, help } = unmade(recipe, name) else { panic!("{name}") };
        let said = format!("{why}; {help}");
        assert!(said.contains(part), "{name}: {said} lacks {part}");
    }
}

#[test]
fn the_table_is_as_the_settings_have_it() {
    let all = [
        "tags",
        "statuses",
        "email_consent_updated_at",
        "attributes.comms.email_consent_updated_at",
        "regions.1.handle",
        "region_id",
        "identities.pos",
        "identities.shop",
        "custom_attributes.loyalty.points",
    ];
    assert_eq!(among("", &all), ["statuses", "regions.1.handle", "region_id"]);
    let recipe = format!(
        "tags_mode = \"replace\"\nstatuses_mode = \"batch\"\nconsent_is_customer_act = true\n\
         consent = \"both\"\nmatch_criteria = \"pos\"\nidentities = [\"pos\", \"shop\"]\n{DECLARED}"
    );
    assert_eq!(among(&recipe, &all), all);
    assert_eq!(among("region_style = \"single\"\n", &all), ["statuses", "region_id"]);
    assert_eq!(among("region_style = \"list\"\n", &all), ["statuses", "regions.1.handle"]);
    let labels = |recipe: &str, name: &str| match made(recipe, name).kind {
        Kind::Choice(choices) => choices.iter().map(|choice| choice.label.to_string()).collect(),
        _ => Vec::new(),
    };
    assert!(!labels("", "profile_type").contains(&"deleted".to_owned()));
    let allowed = labels("allow_types = [\"deleted\"]\n", "profile_type");
    assert_eq!(allowed.last().unwrap(), "deleted");
    assert_eq!(allowed.len(), 6);
    assert!(made("", "statuses").kept && !made("statuses_mode = \"batch\"\n", "statuses").kept);
    assert!(made("", "mobile_phone").unique);
    assert!(!made("mobile_clash = \"secondary\"\n", "mobile_phone").unique);
    assert!(matches!(made("", "addresses.2.country").kind, Kind::Country));
    assert!(matches!(made("country_as = \"asis\"\n", "addresses.2.country").kind, Kind::Text));
    assert!(matches!(made("meta_as = \"list\"\n", "addresses.2.meta").kind, Kind::Words));
    assert!(made("", "joined_location_external_id").beside.len() == 1);
    let any = "location_refs = \"any\"\nregion_style = \"any\"\n";
    for name in ["joined_location_external_id", "region_handle", "regions.3.handle"] {
        assert!(made(any, name).beside.is_empty(), "{name}");
    }
}

#[test]
fn whom_omneo_finds_by_an_identity_needs_that_identity() {
    let need = |recipe: &str, name: &str| made(recipe, name).need;
    let pos = "match_criteria = \"pos\"\n";
    assert_eq!(set_up(pos).unwrap().match_field(), "identities.pos");
    let key = made(pos, "identities.pos");
    assert!(key.unique && key.code && key.need == Need::Required);
    assert_eq!(need(pos, "email"), Need::Required, "unless the recipe says otherwise");
    let head = String::from_utf8(set_up(pos).unwrap().frame().head).unwrap();
    assert_eq!(head, r#"{"match_criteria":"pos","profiles":["#);
    let pos = format!("{pos}require = [\"last_name\"]\n");
    assert_eq!(need(&pos, "email"), Need::Optional);
    assert_eq!(need(&pos, "last_name"), Need::Required);
    assert_eq!(need(&pos, "first_name"), Need::Wanted);
    assert_eq!(need("require = []\n", "email"), Need::Required, "people are found by it");
    let more = "require = [\"email\", \"identities.crm\"]\n";
    assert_eq!(need(more, "identities.crm"), Need::Required);
    for (recipe, part) in [
        ("require = [\"emial\"]\n", "email"),
        ("require = [\"tags\"]\n", "tags_mode"),
        ("match_criteria = \"\"\n", "handle"),
        ("match_criteria = \"7\"\n", "handle"),
        ("identities = [\" pos\"]\n", "handle"),
        ("match_criteria = \"Email\"\n", "did you mean"),
        ("match_criteria = \"emial\"\n", "did you mean"),
        ("batch_path = \"/profiles/sync\"\n", "takes no people"),
        ("batch_path = \"profiles/batch\"\n", "batch_path"),
        ("[omneo.custom_attributes]\n\"a:b\".c = \"string\"\n", "NAMESPACE.HANDLE"),
        ("[omneo.custom_attributes]\na.\"\" = \"string\"\n", "blank"),
        ("[omneo.custom_attributes]\n\"a.b\".c = \"string\"\n", "first dot"),
    ] {
        let Error::Recipe { message, help, .. } = set_up(recipe).unwrap_err() else {
            panic!("{recipe}")
        };
        assert!(format!("{message}; {help:?}").contains(part), "{recipe}: {message}; {help:?}");
    }
}

#[test]
fn the_address_of_a_tenant_has_the_form_of_the_api() {
    let url = |url: &str| set_up(&format!("base_url = {url:?}\n")).unwrap().base_url();
    for good in [
        "https://api.acme.getomneo.com/api/v3",
        "https://acme.getomneo.com/api/v3",
        "https://acme.omneoapp.io/api/v3",
        "http://127.0.0.1:8080",
        "https://proxy.example.org/omneo",
    ] {
        assert_eq!(url(good).unwrap(), good);
    }
    assert_eq!(url("https://a.getomneo.com/api/v3/").unwrap(), "https://a.getomneo.com/api/v3");
    for (wrong, part) in [
        ("", "does not say where"),
        ("https://api.TENANT.getomneo.com/api/v3", "no tenant yet"),
        ("https://api.{tenant}.getomneo.com/api/v3", "no tenant yet"),
        ("https://acme.manager.getomneo.com", "CX Manager"),
        ("https://api.acme.getomneo.com", "/api/v3"),
    ] {
        let Err(Error::Usage { message, help }) = url(wrong) else { panic!("{wrong}") };
        assert!(format!("{message}; {help:?}").contains(part), "{wrong}: {message}");
    }
}

#[test]
fn a_batch_never_holds_more_than_500() {
    let many = Overrides { batch_size: Some(501), ..Overrides::default() };
    assert!(configure(&Recipe::default(), &many).is_err());
    let none = Overrides { batch_size: Some(0), ..Overrides::default() };
    assert!(configure(&Recipe::default(), &none).is_err());
    assert_eq!(omneo().limits().rows, 500);
}
