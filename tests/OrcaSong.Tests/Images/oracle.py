"""What a run should write, computed with NumPy and h5py, one event after the other, and compared with what it did write.

    oracle.py inputs FOLDER                                   makes odd event files
    oracle.py make SEED COUNT FOLDER SLEWS INPUT[=DETX] ...   makes configurations that suit these files: FOLDER/<n>/case.json, config.toml
    oracle.py check SLEWS CASE.json ...                       compares outputs: prints "<case>\t<what differs>" for each difference

case.json: input, detx (or null), output; check adds "overflows", "skipped", "hits" from it, which the run reported, when present.
SLEWS is a text file with the 256 time slewings in ns.
"""
import json
import os
import sys
import tomllib

import h5py
import numpy as np

np.seterr(all="ignore")
PRESETS = {
    "ztc_2017": [["pos_z", np.linspace(26, 198, 19)], ["time", np.linspace(-50, 550, 101)], ["channel_id", np.linspace(-0.5, 30.5, 32)]],
}
DETECTOR = ["dir_x", "dir_y", "dir_z", "du", "floor", "pmt_id", "pos_x", "pos_y", "pos_z", "t0"]


# Input

def events_of(f, path, ids):
    """The rows of a table for each event, told apart by the table's own group_id (by _indices where it has none)."""
    node = f.get(path)
    if node is None:
        return None
    if isinstance(node, h5py.Dataset):
        rows = node[()]
        columns = {n: rows[n] for n in rows.dtype.names}
    else:
        columns = {n: node[n][()] for n in node if n != "_indices"}
        if "group_id" not in columns:
            index = node["_indices"][()]
            cuts = [(i["index"], i["index"] + i["n_items"]) for i in index]
            return [{n: c[slice(*cuts[i])] for n, c in columns.items()} for i in ids]
    return [{n: c[columns["group_id"] == i] for n, c in columns.items()} for i in ids]


class Detector:
    """A .detx file of version 1 to 3."""

    def __init__(self, path):
        lines = [l.split() for l in open(path) if l.strip() and not l.startswith("#")]
        start = 1 if lines[0][1][0].isdigit() else 4
        self.pmts, axes, at = {}, {}, start
        while at < len(lines):
            dom, du, floor, n = (int(v) for v in lines[at][:4])
            for channel, line in enumerate(lines[at + 1:at + 1 + n]):
                x, y, z, dx, dy, dz, t0 = (float(v) for v in line[1:8])
                self.pmts[dom, channel] = (dx, dy, dz, du, floor, int(line[0]), x, y, z, t0)
                axes.setdefault(dom, []).append((np.array([x, y, z]), np.array([dx, dy, dz])))
            at += 1 + n
        centres = []
        for lines in axes.values():
            a, b = np.zeros((3, 3)), np.zeros(3)
            for p, d in lines:
                m = np.eye(3) - np.outer(d, d) / d.dot(d)
                a, b = a + m, b + m.dot(p)
            centres.append(np.linalg.lstsq(a, b, rcond=None)[0])
        self.centre = np.mean(centres, axis=0)


# One event

def prepare(hits, config, detector, slews):
    hits = dict(hits)
    if detector and config.get("calib_hits", True):
        found = np.array([detector.pmts[int(d), int(c)] for d, c in zip(hits["dom_id"], hits["channel_id"])], "f8").reshape(-1, len(DETECTOR))
        for i, name in enumerate(DETECTOR):
            hits[name] = found[:, i].astype({"du": "u1", "floor": "u1", "pmt_id": "i4"}.get(name, "f8"))
        if hits["time"].dtype == "f8":
            hits["time"] = hits["time"] + hits["t0"]
        else:
            hits["time"] = hits["time"].astype("f4") + hits["t0"].astype("f4")
        if config.get("correct_timeslew", True):
            hits["time"] = (hits["time"].astype("f8") - slews[hits["tot"]]).astype(hits["time"].dtype)
        for name, centre, target in zip(("pos_x", "pos_y", "pos_z"), detector.centre, config.get("center_hits_to", ["none"] * 3)):
            if target != "none":
                hits[name] = hits[name] + (target - centre)
    if config.get("add_t0", False):
        hits["time"] = (hits["time"] + hits["t0"]).astype(hits["time"].dtype)
    if config.get("center_time", True):
        triggered = hits["triggered"] != 0
        if not triggered.any():
            return None
        hits["time"] = hits["time"] - hits["time"][triggered].min()
    return hits


def axes_of(config):
    given = config["bin_edges_list"]
    return PRESETS[given] if isinstance(given, str) else [[f, np.array(e)] for f, e in given]


def image(hits, config, axes):
    weights = hits[config["hit_weights"]] if "hit_weights" in config else None
    sums, _ = np.histogramdd(np.array([hits[f] for f, _ in axes]).T, bins=[e for _, e in axes], weights=weights)
    overflows = np.count_nonzero(~((sums > -1) & (sums < 256)))
    if config.get("overflow", "saturate") == "wrap":
        return sums.astype("u1"), overflows
    return np.where(np.isnan(sums), 0, np.clip(sums, 0, 255)).astype("u1"), overflows


class Statistics:
    def __init__(self, axes):
        self.axes = axes
        self.edges = {f: e if f == "time" else np.linspace(e[0], e[-1], 5 * (len(e) - 1) + 1) for f, e in axes}
        self.hist = {f: np.zeros(len(e) - 1) for f, e in self.edges.items()}
        self.cut = {f: np.zeros(2) for f, _ in axes}

    def add(self, hits):
        inside = {f: (hits[f] >= min(e)) & (hits[f] <= max(e)) for f, e in self.axes}
        for f, e in self.axes:
            self.cut[f] += (np.count_nonzero(hits[f] < min(e)), np.count_nonzero(hits[f] > max(e)))
            others = np.ones(len(hits[f]), bool)
            for g in inside:
                others &= inside[g] | (g == f)
            self.hist[f] += np.histogram(hits[f][others], bins=self.edges[f])[0]


def labels(info, raw, recos):
    """nu_chain_data"""
    row = [("event_id", info["event_id"][0]), ("run_id", info["run_id"][0]), ("trigger_mask", info["trigger_mask"][0]),
           ("n_hits", np.int64(len(raw["triggered"]))), ("n_trig_hits", np.int64(np.count_nonzero(raw["triggered"])))]
    for kind, rows in recos:
        for name, values in rows.items():
            row.append((kind + "_" + name, np.float64(values[0] if len(values) else np.nan)))
    return row


# A whole file

def expected(case, slews):
    config = tomllib.load(open(case["config"], "rb"))
    axes = axes_of(config)
    detector = Detector(case["detx"]) if case["detx"] else None
    statistics = Statistics(axes)
    want = dict(config=config, axes=axes, images=[], overflows=0, hits=0, info=[], labels=[], skipped=0, statistics=statistics)
    with h5py.File(case["input"]) as f:
        ids = f["group_info"]["group_id"][()]
        hits, infos = events_of(f, "hits", ids), events_of(f, "event_info", ids)
        recos = [(k, events_of(f, "reco/best_" + k, ids)) for k in ("jmuon", "jshower", "dusjshower", "aashower") if "reco/best_" + k in f]
        want["header"] = f["raw_header"][()] if "raw_header" in f else None
        want["info_type"] = f["event_info"].dtype if "event_info" in f else None
    for e in range(len(ids)):
        ready = prepare(hits[e], config, detector, slews)
        if ready is None:
            want["skipped"] += 1
            continue
        statistics.add(ready)
        if (config.get("keep_event_info") or "extractor" in config) and len(infos[e]["group_id"]) == 0:
            want["skipped"] += 1
            continue
        x, overflows = image(ready, config, axes)
        want["images"].append(x)
        want["overflows"] += overflows
        want["hits"] += len(hits[e]["time"])
        if infos is not None:
            want["info"].append(infos[e])
        if "extractor" in config:
            want["labels"].append(labels(infos[e], hits[e], [(k, rows[e]) for k, rows in recos]))
    return want


def chunk_rows(config, shape, row_bytes, auto):
    size = config.get("chunksize", 32)
    return auto(shape, row_bytes) if size == "auto" else (size, *shape)


def pytables_array(shape, _):
    import tables
    with tables.open_file("unused", "w", driver="H5FD_CORE", driver_core_backing_store=0) as f:
        return f.create_earray("/", "x", tables.UInt8Atom(), (0, *shape)).chunkshape


def pytables_table(_, row_bytes):
    import tables
    with tables.open_file("unused", "w", driver="H5FD_CORE", driver_core_backing_store=0) as f:
        return f.create_table("/", "t", np.dtype([("v", "S%d" % row_bytes)])).chunkshape


def equal(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.names:
        return a.dtype.names == b.dtype.names and all(a.dtype[n] == b.dtype[n] and equal(a[n], b[n]) for n in a.dtype.names)
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def differences(case, slews):
    want = expected(case, slews)
    config, axes, count = want["config"], want["axes"], len(want["images"])
    shape = tuple(len(e) - 1 for _, e in axes)
    level = config.get("complevel", 1)
    filters = ("gzip", level, True, True) if level else (None, None, False, True)
    for key in ("overflows", "skipped", "hits"):
        if key in case and case[key] != want[key]:
            yield "%d %s, expected %d" % (case[key], key, want[key])
    with h5py.File(case["output"]) as f:
        def check(path, values, chunk):
            if path not in f:
                yield "%s is missing" % path
                return
            d = f[path]
            if d.dtype != values.dtype:
                yield "%s: dtype %s, expected %s" % (path, d.dtype, values.dtype)
            elif d.shape != values.shape:
                yield "%s: shape %s, expected %s" % (path, d.shape, values.shape)
            elif not equal(d[()], values):
                if values.dtype.names:
                    which = [n for n in values.dtype.names if not equal(d[n], values[n])]
                    yield "%s: columns %s differ: %s, expected %s" % (path, which, d[which[0]][:5], values[which[0]][:5])
                else:
                    where = np.argwhere(d[()] != values)
                    yield "%s: %d differ, first at %s: %s, expected %s" % (path, len(where), where[0], d[tuple(where[0])], values[tuple(where[0])])
            if chunk and d.chunks != tuple(chunk):
                yield "%s: chunks %s, expected %s" % (path, d.chunks, chunk)
            if chunk and (d.compression, d.compression_opts, d.shuffle, d.fletcher32) != filters:
                yield "%s: filters %s" % (path, (d.compression, d.compression_opts, d.shuffle, d.fletcher32))

        def check_table(path, values):
            yield from check(path, values, chunk_rows(config, (), values.dtype.itemsize, pytables_table))

        images = np.array(want["images"], "u1").reshape((count, *shape))
        yield from check("x", images, chunk_rows(config, shape, 0, pytables_array))
        events = np.arange(count)
        index = np.zeros(count, [("index", "i8"), ("n_items", "i8")])
        index["index"], index["n_items"] = events, 1
        yield from check_table("x_indices", index)
        entries = 1 + bool(want["labels"] or "extractor" in config) + config.get("keep_event_info", False)
        groups = np.zeros(count, [("blob_length", "i8"), ("group_id", "i8")])
        groups["blob_length"], groups["group_id"] = entries, events
        yield from check_table("group_info", groups)
        if config.get("keep_event_info"):
            info = np.zeros(count, np.dtype([(n, want["info_type"][n].newbyteorder("<")) for n in want["info_type"].names]))
            for i, row in enumerate(want["info"]):
                for n in info.dtype.names:
                    info[n][i] = row[n][0]
            info["group_id"] = events
            yield from check_table("event_info", info)
        elif "event_info" in f:
            yield "event_info is there"
        if want["labels"]:
            native = not config.get("y_to_float64", True)
            names = [n for n, _ in want["labels"][0]]
            kinds = [v.dtype if native or n == "event_id" else np.dtype("f8") for n, v in want["labels"][0]]
            order = sorted(range(len(names)), key=lambda i: names[i]) if native or config.get("sort_y", True) else range(len(names))
            y = np.zeros(count, [(names[i], kinds[i]) for i in order] + [("group_id", "i8")])
            for i, row in enumerate(want["labels"]):
                for n, v in row:
                    y[n][i] = v
            y["group_id"] = events
            yield from check_table("y", y)
        elif "y" in f and "extractor" not in config:
            yield "y is there"
        if want["header"] is not None and config.get("raw_header", True):
            yield from check_table("raw_header", want["header"])
        elif "raw_header" in f:
            yield "raw_header is there"
        if config.get("add_bin_stats", True):
            s = want["statistics"]
            for field, edges in axes:
                for name, values in (("hist", s.hist[field]), ("hist_bin_edges", s.edges[field]), ("bin_edges", edges), ("cut_off", s.cut[field])):
                    yield from check("bin_stats/%s/%s" % (field, name), values, None)
        elif "bin_stats" in f:
            yield "bin_stats is there"


# Odd inputs and random configurations

def make_inputs(folder):
    rng = np.random.default_rng(11)
    for name, split, count in (("odd_split", True, 23), ("odd_compound", False, 23), ("crowded", True, 3)):
        per_event = rng.integers(0, 40, count) if name != "crowded" else np.array([3000, 700, 1])
        n = per_event.sum()
        # Float32 tenths lie beside the float64 ones; few distinct values, so that many lie on edges.
        hits = {
            "channel_id": rng.integers(0, 31, n).astype("u1"),
            "dom_id": rng.integers(1, 2**31, n),
            "time": rng.integers(-2**40, 2**40, n) + rng.integers(0, 50, n) if split else rng.integers(0, 50, n).astype("u4"),
            "tot": rng.integers(0, 256, n).astype("u2"),
            "triggered": rng.choice([0, 0, 0, 22, 2**60], n).astype("u8"),
            "pos_x": (rng.integers(-20, 20, n) / 10).astype("f4"),
            "pos_y": rng.choice([np.nan, np.inf, -np.inf, 0.1, 0.5, 1.0, 1.5, -0.0], n),
            "pos_z": rng.normal(100, 30, n).astype("f4" if split else "f8"),
            "t0": rng.integers(-100, 100, n) / 4,
            "small": rng.integers(-128, 128, n).astype("i1"),
            "middle": rng.integers(-300, 300, n).astype("i2"),
            "sign": rng.choice([-1.0, -0.25, 0.25, 1.0, 100.5], n),
            "wild": rng.choice([np.nan, np.inf, -1e20, 1e20, 3e9, -3.7, 0.7, 300.0, -2147483649.5], n, p=[.02, .02, .02, .02, .02, .2, .3, .2, .2]),
        }
        if not split:
            hits["time"] = hits["time"] + np.uint32(1000)
        write(os.path.join(folder, name + ".h5"), hits, per_event, split, rng)


def write(path, hits, per_event, split, rng):
    count = len(per_event)
    ids = np.arange(count) if split else rng.permutation(np.arange(count) * 3 + 1)
    group_id = np.repeat(ids, per_event)
    with h5py.File(path, "w") as f:
        f.attrs["format_version"] = "5.1"
        groups = np.zeros(count, [("blob_length", "i8"), ("group_id", "i8")])
        groups["group_id"] = ids
        f["group_info"] = groups
        info = np.zeros(count, [("event_id", "i4"), ("run_id", "i4"), ("trigger_mask", "u8"), ("weight_w1", "f8"), ("group_id", "i8")])
        info["event_id"], info["run_id"], info["trigger_mask"] = rng.integers(0, 2**31, count), 7, rng.integers(0, 2**50, count)
        info["weight_w1"], info["group_id"] = rng.normal(size=count), ids
        f.create_dataset("event_info", data=info, chunks=(min(5, count),), compression="gzip", shuffle=True, fletcher32=True)
        if split:
            for name, values in hits.items():
                f.create_dataset("hits/" + name, data=values, chunks=(101,), compression="gzip", compression_opts=5, shuffle=True, fletcher32=True)
            f["hits/group_id"] = group_id
            index = np.zeros(count, [("index", "i8"), ("n_items", "i8")])
            index["index"], index["n_items"] = np.cumsum(per_event) - per_event, per_event
            f["hits/_indices"] = index
        else:
            table = np.zeros(len(group_id), [(n, v.dtype) for n, v in hits.items()] + [("group_id", "i8")])
            for name, values in hits.items():
                table[name] = values
            table["group_id"] = group_id
            f.create_dataset("hits", data=table, chunks=(64,), compression="gzip")


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (list, np.ndarray)):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return repr(int(value)) if isinstance(value, (int, np.integer)) else repr(float(value))


def random_edges(rng, values, most):
    finite = values[np.isfinite(values.astype("f8"))].astype("f8")
    if len(finite) == 0:
        return np.array([0.0, 1.0])
    low, high = np.quantile(finite, sorted(rng.choice([0, 0.01, 0.2, 0.5, 0.9, 1], 2, replace=False)))
    bins = int(rng.integers(1, most + 1))
    style = rng.integers(0, 4)
    if style == 0 or low == high:
        edges = np.linspace(low, high + (low == high) * (1 + abs(low) / 1000), bins + 1)
    elif style == 1:
        edges = np.sort(rng.choice(np.unique(finite), min(bins + 1, len(np.unique(finite))), replace=False))
    elif style == 2:
        edges = np.sort(np.concatenate([rng.uniform(low, high, bins), rng.choice(finite, 2), rng.choice(finite, 2).repeat(2)]))
    else:
        edges = np.unique(np.round(np.linspace(low, high, bins + 1)).astype("i8"))
    return edges if len(edges) > 1 and edges[0] < edges[-1] else np.array([low, low + 1 + abs(low) / 1000])


def random_config(rng, path, detector, slews):
    config = {"mode": "image"}
    with h5py.File(path) as f:
        ids = f["group_info"]["group_id"][()]
        hits = events_of(f, "hits", ids)
        has_reco = "reco" in f
    for key, chance in (("center_time", 0.3), ("correct_timeslew", 0.3), ("calib_hits", 0.15), ("add_bin_stats", 0.15), ("raw_header", 0.3), ("sort_y", 0.5)):
        if rng.random() < chance:
            config[key] = False
    for key, chance in (("keep_event_info", 0.4), ("add_t0", 0.3)):
        if rng.random() < chance:
            config[key] = True
    calibrated = detector and config.get("calib_hits", True)
    if not calibrated and "t0" not in hits[0]:
        config.pop("add_t0", None)
    if calibrated and rng.random() < 0.4:
        config["center_hits_to"] = [rng.choice(["none", "0", "-12.5"]) for _ in range(3)]
        config["center_hits_to"] = [v if v == "none" else float(v) for v in config["center_hits_to"]]
    if rng.random() < 0.5:
        config["overflow"] = "wrap"
    if rng.random() < 0.7:
        config["chunksize"] = [1, 7, 33, "auto"][rng.integers(0, 4)]
    if rng.random() < 0.5:
        config["complevel"] = int(rng.choice([0, 1, 6, 9]))
    if rng.random() < 0.4:
        config["extractor"] = "nu_chain_data"
        if not has_reco and rng.random() < 0.5:
            config["y_to_float64"] = False
    ready = [h for h in (prepare(h, config, detector, slews) for h in hits) if h is not None]
    fields = sorted(k for k in ready[0] if k not in ("group_id", "sign", "wild"))
    dims = int(rng.integers(1, min(5, len(fields)) + 1))
    most = {1: 2000, 2: 120, 3: 25, 4: 10, 5: 6}[dims]
    chosen = [str(f) for f in rng.choice(fields, dims, replace=False)]
    config["bin_edges_list"] = [[f, random_edges(rng, np.concatenate([h[f] for h in ready]), most)] for f in chosen]
    if "center_hits_to" in config:
        # The centre of a detector is a least-squares fit; its last digits are anybody's.
        for axis in config["bin_edges_list"]:
            axis[1] = axis[1] + 1e-5 if axis[0].startswith("pos_") else axis[1]
    if rng.random() < 0.4:
        config["hit_weights"] = str(rng.choice([n for n in ("tot", "sign", "wild", "time") if n in ready[0]]))
    return config


def large_configs():
    """Images that are larger than PyTables' chunks."""
    for fields, counts in ((["pos_z"], [300_001]), (["pos_z", "channel_id"], [3, 150_000]), (["pos_z", "tot", "channel_id"], [150, 3, 900]),
                           (["channel_id", "pos_z", "tot"], [2, 1, 270_000])):
        ranges = {"pos_z": (-100, 400), "channel_id": (-0.5, 30.5), "tot": (0, 255)}
        edges = [[f, np.round(np.linspace(*ranges[f], n + 1), 4)] for f, n in zip(fields, counts)]
        yield {"mode": "image", "chunksize": "auto", "center_time": False, "bin_edges_list": edges}


def make(seed, count, folder, slews, inputs):
    rng = np.random.default_rng(seed)
    detectors = {}
    def save(name, path, detx, config):
        here = os.path.join(folder, name)
        os.makedirs(here)
        case = dict(input=path, detx=detx or None, config=os.path.join(here, "config.toml"), output=os.path.join(here, "out.h5"))
        with open(case["config"], "w") as f:
            f.writelines("%s = %s\n" % (k, toml(v)) for k, v in config.items())
        json.dump(case, open(os.path.join(here, "case.json"), "w"))

    for i in range(count):
        path, _, detx = inputs[i % len(inputs)].partition("=")
        if detx and detx not in detectors:
            detectors[detx] = Detector(detx)
        save(str(i), path, detx, random_config(rng, path, detectors.get(detx), slews))
    crowded = [p for p in inputs if "crowded" in p][0].partition("=")[0]
    for i, config in enumerate(large_configs()):
        save("large%d" % i, crowded, None, config)


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "inputs":
        make_inputs(rest[0])
    elif what == "make":
        make(int(rest[0]), int(rest[1]), rest[2], np.loadtxt(rest[3]), rest[4:])
    else:
        slews = np.loadtxt(rest[0])
        for name in rest[1:]:
            for line in differences(json.load(open(name)), slews):
                print("%s\t%s" % (name, line))


main()
