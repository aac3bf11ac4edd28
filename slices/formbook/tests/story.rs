//! The book of forms as people and machines meet it, told on both engines: who may read, who may publish, and that old answers keep their version.
use serde_json::json;
use story::{Browser, Page};

const OWN: &str = include_str!("../src/example.toml");

async fn send(b: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = b.get("/forms").await.csrf();
    let mut pairs = vec![format!("_csrf={}", web::encode(&csrf))];
    pairs.extend(fields.iter().map(|(k, v)| format!("{k}={}", web::encode(v))));
    b.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], &pairs.join("&"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bureau_makes_a_form_of_its_own() {
    let mut told = Vec::new();
    for house in story::houses() {
        house.cast();
        let mut officer = house.signed_in("officer").await;
        let mut worker = house.signed_in("worker").await;
        let mut story: Vec<String> = Vec::new();
        let mut tell = |what: &str, p: &Page| story.push(format!("{what}: {}", p.status.as_u16()));

        // The book, in both languages, and every form with its paper.
        let book = worker.get("/forms").await;
        tell("a worker reads the book", &book);
        assert!(book.body.contains("个案接案登记表") && book.body.contains("PHQ-9"));
        assert!(!book.body.contains("/forms/new"), "no door that is closed");
        for form in forms::Library::shipped().all() {
            for path in [
                format!("/forms/{}", form.id),
                format!("/forms/{}/{}/paper", form.id, form.version),
            ] {
                let page = worker.get(&path).await;
                assert_eq!(page.status, 200, "{path}");
                assert!(page.body.contains(&form.title.zh), "{path}");
            }
            let source = worker.get(&format!("/forms/{}/1/source", form.id)).await;
            assert_eq!(forms::Form::load(&source.body).unwrap().id, form.id);
        }
        let phq9 = worker.get("/forms/phq9").await;
        assert!(phq9.body.contains("筛查结果，不是诊断") && phq9.body.contains("版权人允许"));
        tell("no such form", &worker.get("/forms/nothing").await);
        tell("no such version", &worker.get("/forms/phq9/7").await);

        // Trying a form out: what is typed stays, what is wrong stands at its field, nothing is kept.
        let wrong = send(
            &mut worker,
            "/forms/contact_note/1",
            &[("date", "23 Nov"), ("facts", "开门的是本人")],
        )
        .await;
        tell("tried with a wrong day", &wrong);
        assert!(wrong.body.contains("开门的是本人") && wrong.body.contains("id=\"f-date-error\""));
        let nine: Vec<(String, String)> =
            (1..=9).map(|n| (format!("q{n}"), "1".to_owned())).collect();
        let nine: Vec<(&str, &str)> = nine.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let right = send(&mut worker, "/forms/phq9/1", &nine).await;
        tell("tried and scored", &right);
        assert!(right.body.contains("9<small> / 27</small>") && right.body.contains("第 9 题提示"));
        let live =
            send(&mut worker, "/forms/phq9/1/score", &[("q9", "2"), ("q1", "nonsense")]).await;
        tell("scored while typing", &live);
        assert!(live.body.contains("第 9 题提示") && live.body.contains("还有 8 题未答"));

        // A form of the bureau's own.
        tell("a worker makes no forms", &worker.get("/forms/new").await);
        tell(
            "nor sends any",
            &send(&mut worker, "/forms/new", &[("step", "publish"), ("source", OWN)]).await,
        );
        let bad = OWN
            .replace("purpose = \"safety\"\n", "")
            .replace("when = \"gas = no\"", "when = \"gas = maybe\"");
        let page = send(&mut officer, "/forms/new", &[("step", "check"), ("source", &bad)]).await;
        tell("without a purpose", &page);
        assert!(
            page.body.contains("要写明收集目的和敏感级别") && page.body.contains("第 16 行"),
            "{}",
            page.body
        );
        let page = send(&mut officer, "/forms/new", &[("step", "publish"), ("source", &bad)]).await;
        tell("nor is it published", &page);
        let page = send(&mut officer, "/forms/new", &[("step", "check"), ("source", OWN)]).await;
        tell("sound", &page);
        assert!(
            page.body.contains("燃气是否安全") && page.body.contains("id=\"f-gas\""),
            "the preview"
        );
        let page = send(&mut officer, "/forms/new", &[("step", "publish"), ("source", OWN)]).await;
        tell("published", &page);
        assert_eq!(page.to, "/forms/home_safety");
        let page = worker.get("/forms/home_safety").await;
        tell("everybody has it", &page);
        assert!(page.body.contains("本区第 1 版"));

        // Its own version of a shipped form keeps what the house reads by name.
        let (_, visit) = forms::library::sources().find(|(id, _)| *id == "visit").unwrap();
        let without = visit
            .replace("name = \"met\"", "name = \"seen\"")
            .replace("when = \"met = met\"", "when = \"seen = met\"");
        let page =
            send(&mut officer, "/forms/new", &[("step", "publish"), ("source", &without)]).await;
        tell("a field the house reads", &page);
        assert!(page.body.contains("是否见到"));
        let better = visit.replace("走访记录", "本区走访记录");
        tell(
            "a version of a shipped form",
            &send(&mut officer, "/forms/new", &[("step", "publish"), ("source", &better)]).await,
        );
        let page = worker.get("/forms/visit").await;
        assert!(
            page.body.contains("本区走访记录") && page.body.contains("/forms/visit/1\""),
            "both versions are there"
        );

        // The same for machines.
        let all = worker.get("/api/v1/forms").await.json();
        assert!(
            all.as_array()
                .unwrap()
                .iter()
                .any(|f| f["id"] == "home_safety" && f["version"] == 1001)
        );
        assert_eq!(worker.get("/api/v1/forms/visit").await.json()["version"], 1001);
        assert_eq!(worker.get("/api/v1/forms/visit/1").await.json()["title"][0], "走访记录");
        let asked = json!({ "answers": { "q1": 3, "q2": "3" }, "stage": "final" });
        let judged = worker.post("/api/v1/forms/phq2/1/check", "", asked).await;
        tell("checked by api", &judged);
        let judged = judged.json();
        assert_eq!(
            (&judged["score"]["total"], &judged["score"]["band"]["key"]),
            (&json!(60), &json!("positive"))
        );
        let odd =
            worker.post("/api/v1/forms/phq2/1/check", "", json!({ "answers": { "q3": 1 } })).await;
        tell("a field it does not have", &odd);
        assert_eq!(odd.json()["errors"][0]["field"], "q3");
        tell(
            "a worker publishes nothing by api",
            &worker.post("/api/v1/forms", "", json!({ "source": OWN })).await,
        );
        let once = officer.post("/api/v1/forms", "k1", json!({ "source": OWN })).await;
        tell("published by api", &once);
        let again = officer.post("/api/v1/forms", "k1", json!({ "source": OWN })).await;
        assert_eq!((once.to.as_str(), again.body), ("/api/v1/forms/home_safety/1002", once.body));
        let bad = officer.post("/api/v1/forms", "", json!({ "source": bad })).await;
        tell("faults by api", &bad);
        assert!(bad.json()["errors"][0]["field"].as_str().unwrap().starts_with("1"));
        tell("a stranger reads nothing", &house.browser().get("/api/v1/forms").await);
        told.push(story.join("\n"));
    }
    assert_eq!(told[0], told[1], "both engines tell the same");
    insta::assert_snapshot!(told[0]);
}
