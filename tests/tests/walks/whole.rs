//! Every page that a role can reach by following links, and how the main ones read to a machine that checks accessibility.
use crate::walks;

#[test]
fn links_of_the_bureau_officer_hold() {
    walks("crawl", "shen");
}

#[test]
fn links_of_the_station_head_hold() {
    walks("crawl", "lin");
}

#[test]
fn links_of_the_studio_worker_hold() {
    walks("crawl", "kong");
}

#[test]
fn links_of_the_supervisor_hold() {
    walks("crawl", "cheng");
}

#[test]
fn links_of_the_auditor_hold() {
    walks("crawl", "yan");
}

#[test]
fn links_of_the_worker_hold() {
    walks("crawl", "fan");
}

#[test]
fn links_of_the_administrators_hold() {
    walks("crawl", "admin");
    walks("crawl", "safety");
}

#[test]
fn main_pages_pass_axe_at_both_widths() {
    walks("axe", "");
}
