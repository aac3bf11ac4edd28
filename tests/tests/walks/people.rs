//! One test per person.
use walks::browser::walk_in;
use walks::house::House;

use crate::walks;

/// A walk in a district of its own, for what others should not notice.
fn alone(name: &str) {
    let house = House::open(name).unwrap();
    if let Err(found) = walk_in(&house, name, "") {
        panic!("{found}");
    }
}

#[test]
fn the_bureau_officer_sees_the_district_asks_why_and_what_if() {
    walks("officer", "");
}

#[test]
fn the_station_head_sees_her_own_street_and_nothing_else() {
    // She writes.
    alone("station_head");
}

#[test]
fn the_studio_worker_sees_her_own_room() {
    walks("studio_worker", "");
}

#[test]
fn the_supervisor_reads_and_cannot_write() {
    walks("supervisor", "");
}

#[test]
fn the_auditor_verifies_the_chain() {
    walks("auditor", "");
}

#[test]
fn one_person_changes_hats() {
    walks("two_hats", "");
}

#[test]
fn a_wrong_password_is_refused_and_signing_out_ends_it() {
    // A wrong password closes the login name for a moment, for whoever else would use it.
    alone("door");
}

#[test]
fn english_has_no_chinese_in_its_frame() {
    walks("english", "");
}

#[test]
fn a_referral_by_link_is_accepted_in_a_browser_without_an_account() {
    alone("referral_link");
}

#[test]
fn a_worker_records_visits_in_a_basement() {
    // It writes, and ends sessions.
    alone("offline");
}

#[test]
fn an_issue_goes_from_its_collection_to_the_feedback() {
    alone("deliberation");
}

#[test]
fn a_case_goes_from_intake_to_follow_up_and_two_devices_keep_both_texts() {
    alone("casework");
}

#[test]
fn a_group_meets_is_counted_and_closes_when_nothing_is_missing() {
    alone("groups");
}

#[test]
fn an_emergency_look_needs_a_second_factor_and_a_reason_and_is_told() {
    alone("glass");
}
