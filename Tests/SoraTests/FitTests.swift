import Foundation
import Testing

/// `sora fit`, and what other commands make of its classifiers.
@Suite struct FitTests {
    @Test(arguments: ["svm", "svm-linear", "tree", "boosted", "logistic", "knn", "prototypes"])
    func everyKind(_ kind: String) throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/fitted.safetensors"
        let fitted = try sora(
            "fit", workspace.model, "--data", workspace.clips, "--classifier", kind, "--out", out, "--features",
            "pooled", "--folds", "3")
        #expect(fitted.status == 0, "\(fitted.errors)")
        for words in ["balanced accuracy", "\(kind): \(kind) on pooled of ", "20 clips", "over 3 folds", out] {
            #expect(fitted.output.contains(words), "\(fitted.output)")
        }
        #expect(fitted.output.contains("\n* ") && fitted.errors.contains("--group-by"))
        let row = try #require(
            try sora("classify", out, workspace.clip, "--classifier", kind, "--top", "9", "--json").objects().first)
        let labels = try #require(row["labels"] as? [[String: Any]])
        #expect(Set(labels.compactMap { $0["label"] as? String }) == Set(Workspace.classes))
        let sum: Double = labels.reduce(0) { $0 + (($1["probability"] as? NSNumber)?.doubleValue ?? 0) }
        #expect(abs(sum - 1) < 1e-4)
        let measured = try sora("evaluate", out, "--data", workspace.heldOut, "--classifier", kind, "--json")
        #expect(measured.status == 0, "\(measured.errors)")
        let metrics = try #require(try measured.objects().first?["metrics"] as? [String: Any])
        #expect(metrics["count"] as? Int == 8)
        let cached = try sora(
            "evaluate", out, "--data", workspace.heldOut, "--classifier", kind, "--json", "--cache",
            workspace.folder + "/vectors")
        #expect(cached.output == measured.output, "\(cached.errors)")
        // The model's own word is as it was.
        let (own, before) = (
            try sora("classify", out, workspace.clip), try sora("classify", workspace.model, workspace.clip)
        )
        #expect(own.output == before.output)
    }

    /// The second time nothing is decoded, and the same comes of it.
    @Test func vectorsAreKept() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let cache = folder + "/cache"
        func fit(_ more: [String]) throws -> [String: Any] {
            let outcome = try sora(
                [
                    "fit", workspace.model, "--data", workspace.clips, "--classifier", "logistic", "--out",
                    folder + "/m.safetensors", "--cache", cache, "--json",
                ] + more)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(try outcome.objects().first)
        }
        let (first, second) = (try fit(["--views", "2"]), try fit(["--views", "2"]))
        #expect(first["cached"] as? Int == 0 && second["cached"] as? Int == 40)
        func rows(_ report: [String: Any]) throws -> [Double] {
            let search = try #require(report["search"] as? [String: Any])
            return try #require(search["rows"] as? [[String: Any]]).compactMap { $0["balancedAccuracy"] as? Double }
        }
        let (one, two) = (try rows(first), try rows(second))
        #expect(one == two && one.count == 8)
        let third = try fit([])
        #expect(third["cached"] as? Int == 20)
        #expect(try sora("info", folder + "/m.safetensors").output.contains("4 frames"))
        // Of another number of frames all is new, and the file keeps to it.
        let more = try fit(["--frames", "6"])
        let six = try rows(more)
        #expect(more["cached"] as? Int == 0 && six != one)
        #expect(try sora("info", folder + "/m.safetensors").output.contains("6 frames"))
        let judged = try sora(
            "evaluate", folder + "/m.safetensors", "--data", workspace.heldOut, "--classifier", "logistic")
        #expect(judged.status == 0, "\(judged.errors)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: cache)
        #expect(kept.count == 2 && !FileManager.default.fileExists(atPath: folder + "/sora-vectors"))
    }

    /// Two of them in one model, one the standard; and the tree drawn.
    @Test func severalInOneModel() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let (out, drawing) = (folder + "/m.safetensors", folder + "/tree.svg")
        let common = ["--data", workspace.clips, "--out", out, "--folds", "2"]
        let tree = try sora(
            [
                "fit", workspace.model, "--classifier", "tree", "--grid", "depth=2", "--grid", "leaf=2", "--tree",
                drawing,
            ]
                + common)
        #expect(tree.status == 0 && tree.output.contains("number ") && tree.output.contains(" <= "), "\(tree.errors)")
        #expect(String(decoding: try bytes(drawing), as: UTF8.self).hasPrefix("<svg"))
        let other = try sora(["fit", out, "--classifier", "prototypes", "--name", "near", "--default"] + common)
        #expect(other.status == 0, "\(other.errors)")
        let info = try sora("info", out).output
        #expect(info.contains("classifiers\n") && info.contains("tree ") && info.contains("(used where none is named)"))
        let described = try sora("info", out, "--classifier", "tree", "--tree", folder + "/again.svg")
        #expect(described.status == 0 && described.output.contains("labels: grow, move-left"))
        #expect(try bytes(folder + "/again.svg") == bytes(drawing))
        let json = try sora("info", out, "--json").objects()
        #expect((json.first?["classifiers"] as? [Any])?.count == 2)
        #expect(json.first?["standardClassifier"] as? String == "near")
        let (named, standard, head) = (
            try sora("classify", out, workspace.clip, "--classifier", "near").output,
            try sora("classify", out, workspace.clip).output,
            try sora("classify", out, workspace.clip, "--classifier", "head").output
        )
        let own = try sora("classify", workspace.model, workspace.clip).output
        #expect(named == standard && head == own)
        let none = try sora("classify", out, workspace.clip, "--classifier", "oak")
        #expect(none.status == 1 && none.errors.contains("no classifier 'oak'; it has tree, near"))
        let notATree = try sora("info", out, "--classifier", "near", "--tree", drawing)
        #expect(notATree.status == 1 && notATree.errors.contains("no tree to draw"))
    }

    /// A model around the weights of a backbone, used through its classifier alone.
    @Test func withoutAModel() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let out = folder + "/m.safetensors"
        let fitted = try sora(
            "fit", "--weights", workspace.model, "--preset", "small", "--size", "32", "--frames", "4", "--data",
            workspace.clips, "--classifier", "knn", "--out", out, "--grid", "k=1,3")
        #expect(fitted.status == 0, "\(fitted.errors)")
        #expect(fitted.errors.contains("tensors taken") && fitted.errors.contains("the backbone alone is used"))
        #expect(try sora("classify", out, workspace.clip).output.hasPrefix(workspace.clip))
        #expect(try sora("evaluate", out, "--data", workspace.heldOut).status == 0)
        let head = try sora("classify", out, workspace.clip, "--classifier", "head")
        #expect(head.status == 1 && head.errors.contains("never trained") && head.errors.contains("knn"))
        let embedded = try sora("embed", out, workspace.clip, "--json")
        #expect(embedded.status == 0 && embedded.errors.contains("never trained"))
        let embedding = try sora(
            "fit", out, "--data", workspace.clips, "--classifier", "svm", "--features", "embedding", "--out", out)
        #expect(embedding.status == 1 && embedding.errors.contains("--features pooled"))
        for arguments in [
            ["export", out, "--out", folder + "/m.onnx"],
            ["calibrate", out, "--data", workspace.heldOut, "--out", folder + "/c.safetensors"],
            ["prepare", workspace.clips, "--model", out],
        ] {
            let refused = try sora(arguments)
            #expect(refused.status == 1 && refused.errors.contains("never trained"), "\(arguments): \(refused.errors)")
        }
        // Its classifier is what is compared, without being named.
        let compared = try sora("compare", out, workspace.model, "--data", workspace.heldOut, "--resamples", "0")
        #expect(compared.status == 0, "\(compared.errors)")
        let page = folder + "/page.html"
        let reported = try sora("evaluate", out, "--data", workspace.heldOut, "--report", page)
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(reported.status == 0 && html.contains("What is taken for what") && !html.contains("Grad-CAM"))
        let uncached = try sora("evaluate", workspace.model, "--data", workspace.heldOut, "--cache", folder)
        #expect(uncached.status == 1 && uncached.errors.contains("--classifier"))
    }

    /// What is said of clips held out is what a fit without them says, and all of it is kept.
    @Test func judgedByFolds() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let (manifest, said, page) = (folder + "/clips.csv", folder + "/said.csv", folder + "/page.html")
        let rows = Workspace.classes.flatMap { label in
            (0..<5).map { "\(workspace.clips)/\(label)/00\($0).mp4,\(label),take\($0),\($0 % 2)\n" }
        }
        try Data(("path,label,take,fold\n" + rows.joined()).utf8).write(to: URL(fileURLWithPath: manifest))
        let common = [
            "fit", workspace.model, "--data", manifest, "--group-by", "take", "--classifier", "logistic", "--features",
            "pooled", "--json", "--out",
        ]
        let whole = try sora(
            common + [folder + "/m.safetensors", "--judge-by", "fold", "--predictions", said, "--report", page])
        #expect(whole.status == 0, "\(whole.errors)")
        let report = try #require(try whole.objects().first)
        #expect(report["clips"] as? Int == 20)
        let judged = try #require(report["judged"] as? [String: Any])
        let folds = try #require(judged["folds"] as? [[String: Any]])
        #expect(folds.compactMap { $0["clips"] as? Int } == [12, 8])
        #expect((judged["metrics"] as? [String: Any])?["count"] as? Int == 20)
        let part = try sora(common + [folder + "/part.safetensors", "--hold-out", "fold=1"])
        #expect(part.status == 0, "\(part.errors)")
        let alone = try sora(
            "evaluate", folder + "/part.safetensors", "--data", manifest, "--only", "fold=1", "--classifier",
            "logistic", "--out", folder + "/alone.csv")
        #expect(alone.status == 0, "\(alone.errors)")
        // path,start,end,group,fold,truth,predicted,probability:…
        func probabilities(_ file: String) throws -> [[String]] {
            try lines(file).dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            .filter { $0[4] != "0" }.map { [$0[0]] + $0.dropFirst(5) }
        }
        #expect(try probabilities(said) == probabilities(folder + "/alone.csv"))
        #expect(try lines(said).count == 21)
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("by a model that was trained without them"))
        for options in [["--predictions", said], ["--report", page]] {
            #expect(try sora(common + [folder + "/n.safetensors"] + options).status == 64)
        }
    }

    /// Where one of two classes is of one group, nothing can be compared, and one class with few clips is made up for.
    @Test func aClassOfOneGroup() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let manifest = folder + "/clips.csv"
        var text = "path,label,scene\n"
        for clip in 0..<5 { text += "\(workspace.clips)/grow/00\(clip).mp4,grow,g\(clip)\n" }
        for clip in 0..<2 { text += "\(workspace.clips)/shrink/00\(clip).mp4,shrink,s\n" }
        try Data(text.utf8).write(to: URL(fileURLWithPath: manifest))
        let common = [
            "fit", workspace.model, "--data", manifest, "--group-by", "scene", "--classifier", "logistic", "--out",
            folder + "/m.safetensors",
        ]
        let outcome = try sora(common)
        #expect(
            outcome.status == 0 && outcome.errors.contains("all clips of shrink are of one group"), "\(outcome.errors)")
        #expect(outcome.errors.contains("2.5 times as many") && outcome.errors.contains("(--balance weights)"))
        #expect(try !sora(common + ["--balance", "none"]).errors.contains("times as many"))
        let refused = try sora(common + ["--folds", "3"])
        #expect(refused.status == 1 && refused.errors.contains("--folds 0"), "\(refused.errors)")
        let torn = try sora(common + ["--judge-by", "scene"])
        #expect(
            torn.status == 1 && torn.errors.contains("without fold s all clips to fit to are of one class"),
            "\(torn.errors)")
    }

    @Test func aBadFileDoesNotStopTheOthers() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let manifest = folder + "/clips.csv"
        var text = "path,label,scene\n"
        for label in ["grow", "move-left"] {
            for clip in 0..<4 { text += "\(workspace.clips)/\(label)/00\(clip).mp4,\(label),\(clip)\n" }
        }
        text += "\(workspace.truncated),grow,9\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: manifest))
        let out = folder + "/m.safetensors"
        let outcome = try sora(
            "fit", workspace.model, "--data", manifest, "--group-by", "scene", "--hold-out", "scene=0", "--classifier",
            "prototypes", "--out", out)
        #expect(outcome.status == 1 && outcome.errors.contains("left out: \(workspace.truncated)"), "\(outcome.errors)")
        #expect(outcome.output.contains("6 clips") && !outcome.errors.contains("--group-by"))
        let measured = try sora(
            "evaluate", out, "--data", manifest, "--only", "scene=0", "--classifier", "prototypes", "--json")
        let metrics = try #require(try measured.objects().first?["metrics"] as? [String: Any])
        #expect(metrics["count"] as? Int == 2)
        // Labels of its own, which are not the model's.
        #expect(try sora("evaluate", out, "--data", workspace.heldOut, "--classifier", "prototypes").status == 1)
    }

    @Test func whatCannotBeIsSaid() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/m.safetensors"
        func refused(_ status: Int32, _ word: String, _ arguments: [String]) throws {
            let outcome = try sora(["fit", "--data", workspace.clips, "--out", out] + arguments)
            #expect(outcome.status == status && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty && !FileManager.default.fileExists(atPath: out))
        }
        let model = workspace.model
        try refused(64, "--classifier", [model])
        try refused(64, "forest", [model, "--classifier", "forest"])
        try refused(64, "either a model file, or --weights", ["--classifier", "svm"])
        try refused(64, "either a model file, or --weights", [model, "--classifier", "svm", "--weights", model])
        try refused(64, "--preset", [model, "--classifier", "svm", "--size", "64"])
        try refused(64, "no setting depth", [model, "--classifier", "svm", "--grid", "depth=1"])
        try refused(64, "whole number", [model, "--classifier", "tree", "--grid", "depth=1.5"])
        try refused(64, "grid", [model, "--classifier", "tree", "--grid", "depth"])
        try refused(64, "--tree", [model, "--classifier", "svm", "--tree", out + ".svg"])
        try refused(64, "--name", [model, "--classifier", "svm", "--name", "head"])
        try refused(64, "--folds", [model, "--classifier", "svm", "--folds", "1"])
        try refused(64, "--views", [model, "--classifier", "svm", "--flip", "0.5"])
        try refused(64, "--balance", [model, "--classifier", "knn", "--balance", "weights"])
        try refused(1, "Ask for fewer folds", [model, "--classifier", "svm", "--folds", "50"])
        try refused(1, workspace.text, [workspace.text, "--classifier", "svm"])
        try refused(1, "no value in the column", [model, "--classifier", "svm", "--group-by", "scene"])
    }
}
