import Foundation
import Testing

/// What is said of a model that was trained: figures, predictions, a page, comparisons, calibration.
@Suite struct EvaluationTests {
    private func evaluate(_ arguments: String...) throws -> Invocation.Outcome {
        let workspace = try Workspace.shared
        return try sora(["evaluate", workspace.model, "--data", workspace.heldOut] + arguments)
    }

    @Test func figuresWithTheirIntervals() throws {
        let text = try evaluate("--details", "--unknown-below", "0.3").output
        for words in ["AUC  ", "average precision  ", "log loss", "Brier score", "calibration error", "unknown  "] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
        let json = try #require(evaluate("--json", "--curves", "--wanted-accuracy", "0").objects().first)
        let figures = try #require(json["figures"] as? [String: Any])
        let intervals = try #require(json["intervals"] as? [String: [Double]])
        #expect(figures["auc"] is NSNumber && figures["accuracy"] is NSNumber && json["loss"] is NSNumber)
        #expect(intervals["auc"]?.count == 2 && (json["units"] as? Int) == 8)
        #expect((json["curves"] as? [Any])?.count == 4 && (json["unknown"] as? [String: Any])?["coverage"] != nil)
        #expect(try evaluate("--json", "--resamples", "0").objects().first?["intervals"] as? [String: [Double]] == [:])
    }

    @Test func predictionsGoToAFileAndAreComparedFromThere() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let outcome = try evaluate("--out", folder + "/p.csv")
        #expect(outcome.status == 0 && outcome.errors.contains("p.csv: what the model says of 8 clips"))
        let table = try lines(folder + "/p.csv")
        #expect(table.count == 9)
        #expect(
            table[0] == "path,start,end,group,fold,truth,predicted,"
                + Workspace.classes.map { "probability:" + $0 }.joined(separator: ","))
        #expect(try evaluate("--out", folder + "/p.jsonl").status == 0)
        let files = try sora("compare", folder + "/p.csv", folder + "/p.jsonl")
        #expect(files.status == 0 && files.output.contains("p = 1.000") && files.output.contains("8 clips"))
        let models = try sora(
            "compare", workspace.model, folder + "/p.csv", "--data", workspace.heldOut, "--json")
        let json = try #require(models.objects().first)
        #expect(json["mcNemar"] as? Double == 1 && json["count"] as? Int == 8)
        let refused = try sora("compare", workspace.model, folder + "/p.csv")
        #expect(refused.status == 64 && refused.errors.contains("--data"))
        #expect(try evaluate("--out", folder + "/p.txt").errors.contains(".csv or .jsonl"))
    }

    @Test func aPageThatNeedsNothingBesideIt() throws {
        let workspace = try Workspace.shared
        let page = try workspace.newFolder() + "/page.html"
        let outcome = try evaluate("--report", page, "--mistakes", "2")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = String(decoding: try bytes(page), as: UTF8.self)
        for words in ["accuracy", "Worst mistakes", "What is taken for what", "Grad-CAM", "data:"] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("<script"))
        #expect(text.count(of: "class=\"clip explained\"") <= 2)
    }

    @Test func calibrates() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/calibrated.safetensors"
        let outcome = try sora("calibrate", workspace.model, "--data", workspace.heldOut, "--out", out, "--json")
        guard outcome.status == 0 else {
            // A model that is always right on these eight clips has no best temperature.
            #expect(outcome.errors.contains("as good as always right"), "\(outcome.errors)")
            return
        }
        let report = try #require(outcome.objects().first)
        let (before, after) = (report["before"] as? [String: Double], report["after"] as? [String: Double])
        #expect((after?["logLoss"] ?? 9) <= (before?["logLoss"] ?? 0) + 1e-9)
        #expect(try sora("info", out).output.contains("temperature: "))
        #expect(try sora("info", out, "--json").objects().first?["temperature"] as? Double != nil)
    }

    @Test func unknownRatherThanUnsure() throws {
        let workspace = try Workspace.shared
        let text = try sora("classify", workspace.model, workspace.clip, "--unknown-below", "1").output
        #expect(text.contains("  unknown  "))
        let rows = try sora("classify", workspace.model, workspace.clip, "--unknown-below", "0", "--json").objects()
        #expect(rows.first?["unknown"] as? Bool == false)
        let plain = try sora("classify", workspace.model, workspace.clip, "--json").objects()
        #expect(plain.first?["unknown"] == nil)
        #expect(try sora("classify", workspace.model, workspace.clip, "--unknown-below", "2").status == 64)
    }

    /// A run that is stopped in its second fold goes on there, and comes to what one that is not stopped comes to.
    @Test func crossValidationGoesOnWhereItStopped() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let options =
            ["--data", workspace.clips, "--folds", "2", "--epochs", "1", "--json", "--deterministic"] + Workspace.quick
        let whole = try sora(["crossvalidate", "--out", folder + "/whole"] + options)
        #expect(whole.status == 0, "\(whole.errors)")
        let report = try #require(whole.objects().first)
        #expect((report["folds"] as? [Any])?.count == 2 && report["figures"] != nil)
        #expect(try lines(folder + "/whole/predictions.csv").count == 21)
        let stopped = try Invocation(["crossvalidate", "--out", folder + "/stopped"] + options)
        try stopped.wait(for: "fold 1 (2 of 2)")
        stopped.send(SIGKILL)
        _ = try stopped.finish()
        let again = try sora(["crossvalidate", "--out", folder + "/stopped"] + options)
        #expect(again.status == 0 && again.errors.contains("was done before"), "\(again.errors)")
        #expect(again.output == whole.output)
        #expect(try bytes(folder + "/stopped/predictions.csv") == bytes(folder + "/whole/predictions.csv"))
        let other = try sora(["crossvalidate", "--out", folder + "/whole", "--dropout", "0.4"] + options)
        #expect(other.status == 1 && other.errors.contains("other clips or options"))
    }

    /// A clip that could not be decoded is named by the run that goes on too, and other weights under the same name are
    /// other weights.
    @Test func crossValidationRemembersWhatFailed() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let (data, weights) = (folder + "/clips", folder + "/start.safetensors")
        try FileManager.default.copyItem(atPath: workspace.clips, toPath: data)
        try FileManager.default.copyItem(atPath: workspace.truncated, toPath: data + "/grow/cut.mp4")
        try FileManager.default.copyItem(atPath: workspace.model, toPath: weights)
        let options =
            [
                "crossvalidate", "--data", data, "--folds", "2", "--epochs", "1", "--weights", weights, "--out",
                folder + "/cv",
            ]
            + Workspace.quick
        let (first, second) = (try sora(options), try sora(options))
        for outcome in [first, second] {
            #expect(
                outcome.status == 1 && outcome.errors.contains("left out: \(data)/grow/cut.mp4"), "\(outcome.errors)")
        }
        #expect(second.errors.contains("was done before") && first.output == second.output)
        var other = try Data(contentsOf: URL(fileURLWithPath: weights))
        other[other.endIndex - 1] ^= 1
        try other.write(to: URL(fileURLWithPath: weights))
        let changed = try sora(options)
        #expect(changed.status == 1 && changed.errors.contains("other clips or options"), "\(changed.errors)")
    }

    /// Every line of predictions has the same keys, and numbers that no reader takes for whole ones.
    @Test func predictionsAsJSONLinesAreAlike() throws {
        let workspace = try Workspace.shared
        let path = try workspace.newFolder() + "/said.jsonl"
        #expect(try sora("evaluate", workspace.model, "--data", workspace.heldOut, "--out", path).status == 0)
        let keys = try lines(path).map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return object.keys.sorted()
        }
        #expect(keys.count == 8 && Set(keys).count == 1)
        #expect(keys[0] == ["end", "fold", "group", "path", "predicted", "probabilities", "start", "truth"])
        #expect(try lines(path).allSatisfy { $0.contains("\"start\":null") && !$0.contains(/:[01][,}]/) })
        let compared = try sora("compare", path, path, "--resamples", "0")
        #expect(compared.status == 0, "\(compared.errors)")
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
