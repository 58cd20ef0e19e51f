//! `targets`: the tables in their three forms, and the page of the documentation made of them.

use upsheet::target;

use crate::common::{Import, repository};
use crate::schema::validate;

#[test]
fn the_page_of_the_documentation_is_current() {
    let page = Import::new("targets --format markdown").run().stdout;
    let kept = std::fs::read_to_string(repository("docs/targets.md")).unwrap_or_default();
    assert!(
        page == kept,
        "docs/targets.md is not current; write it anew:\n  \
         cargo run --quiet -- targets --format markdown > docs/targets.md"
    );
}

#[test]
fn the_tables_as_json_are_of_the_published_form() {
    let all = Import::new("targets --format json").run().json();
    validate("targets.v1", &all);
    assert_eq!(all["targets"].as_array().unwrap().len(), target::ALL.len());
    for kind in target::ALL {
        let one = Import::new("targets --format json").arg(kind.id).run().json();
        let table = &one["targets"][0];
        assert_eq!(table["id"], kind.id);
        let settings = table["settings"].as_array().unwrap();
        assert_eq!(settings.len(), kind.settings.len(), "{}", kind.id);
        let rate = settings.iter().find(|setting| setting["name"] == "rate").unwrap();
        assert!(rate["says"].as_str().unwrap().starts_with("requests a second"), "{rate}");
        let text = Import::new("targets").arg(kind.id).run().stdout;
        assert!(text.contains(&format!("settings under [{}]", kind.id)), "{text}");
        for setting in settings {
            let (name, says) = (&setting["name"], &setting["says"]);
            assert!(text.contains(says.as_str().unwrap()), "{name} is not in the text");
        }
        let fields = table["fields"].as_array().unwrap();
        let key = &table["match_field"];
        assert!(fields.iter().any(|field| field["name"] == *key), "{key} is a field");
        for field in fields {
            assert_ne!(field["source"], "", "{field}");
            let has = !field["choices"].as_array().unwrap().is_empty();
            let is_list = ["choice", "choices"].contains(&field["kind"].as_str().unwrap());
            assert_eq!(is_list, has, "{field}");
        }
    }
}
