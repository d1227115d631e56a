import Foundation
import Testing

/// The search for settings, from the command line.
@Suite struct TuneTests {
    private func options(_ out: String, _ more: [String] = []) throws -> [String] {
        try ["tune", "--data", Workspace.shared.clips, "--folds", "2", "--epochs", "1", "--out", out]
            + ["--size", "32", "--frames", "4", "--batch", "4", "--seed", "7"] + more
    }

    @Test func settingsAreTriedAndKept() throws {
        let out = try Workspace.shared.newFolder() + "/tuning"
        let first = try sora(options(out, ["--trials", "2", "--json"]))
        #expect(first.status == 0, "\(first.errors)")
        let report = try #require(try first.objects().first)
        let trials = try #require(report["trials"] as? [[String: Any]])
        #expect(trials.count == 2 && report["folds"] as? Int == 2)
        // One has the settings as given, and nothing is given up for want of others to compare it with.
        #expect(trials.contains { ($0["number"] as? Int) == 0 && ($0["choice"] as? [String: Any])?.isEmpty == true })
        #expect(trials.allSatisfy { ($0["scores"] as? [Double])?.count == 2 && $0["end"] as? String == "finished" })
        let scores = trials.compactMap { ($0["scores"] as? [Double])?.last }
        #expect(scores == scores.sorted(by: >))
        #expect(try lines(out + "/trials.json").first == first.output.split(separator: "\n").first.map(String.init))
        // Only predictions stay.
        let left = try FileManager.default.contentsOfDirectory(atPath: out + "/trial-0")
        #expect(left.contains("fold-0.predictions.csv") && !left.contains { $0.hasSuffix(".safetensors") })

        // Started again it goes on: what is done is not done again, to the same figures.
        let second = try sora(options(out, ["--trials", "3", "--json"]))
        #expect(second.status == 0, "\(second.errors)")
        let again = try #require(try second.objects().first?["trials"] as? [[String: Any]])
        #expect(again.count == 3)
        for trial in trials {
            let same = again.first { $0["number"] as? Int == trial["number"] as? Int }
            #expect(same?["scores"] as? [Double] == trial["scores"] as? [Double])
        }

        // In the folder of another search it stops.
        let other = try sora(options(out, ["--trials", "1", "--dropout", "0.4"]))
        #expect(other.status == 1 && other.errors.contains("\(out)/trial-0") && other.errors.contains("--out"))
    }

    /// What is given stays as given, and where nothing is left open there is one trial.
    @Test func whatIsGivenStays() throws {
        let out = try Workspace.shared.newFolder() + "/tuning"
        let given = [
            "--learning-rate", "0.002", "--strength", "1", "--mixup", "0", "--dropout", "0", "--weight-decay", "0.01",
            "--label-smoothing", "0", "--fusion", "mean",
        ]
        let outcome = try sora(options(out, given))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("as given") && outcome.output.contains("The best of 1,"))
        #expect(outcome.output.contains("not beaten"))
    }

    /// The time is up before the first fold is done: it says so, and what to do.
    @Test func timeIsUp() throws {
        let out = try Workspace.shared.newFolder() + "/tuning"
        let outcome = try sora(options(out, ["--minutes", "0.01", "--epochs", "500"]))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("time was up") && outcome.output.contains("give more --minutes"))
    }

    @Test func badRequests() throws {
        let out = try Workspace.shared.newFolder() + "/tuning"
        for more in [["--minutes", "0"], ["--trials", "0"], ["--fold-column", "x"]] {
            #expect(try sora(options(out, more)).status == 64, "\(more)")
        }
        let outcome = try sora(options(out, ["--hold-out", "fold=1"]))
        #expect(outcome.status == 1 && outcome.errors.contains("fold"))
    }
}
