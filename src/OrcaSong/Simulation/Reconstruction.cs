namespace OrcaSong.Simulation;

/// <summary>Parameters of Jpp's fits, by name in alphabetical order as the columns of a file are.</summary>
internal enum FitParameter
{
    JCOPY_Z_M,
    JENERGY_CHI2,
    JENERGY_ENERGY,
    JENERGY_MUON_RANGE_METRES,
    JENERGY_NDF,
    JENERGY_NOISE_LIKELIHOOD,
    JENERGY_NUMBER_OF_HITS,
    JGANDALF_BETA0_RAD,
    JGANDALF_BETA1_RAD,
    JGANDALF_CHI2,
    JGANDALF_LAMBDA,
    JGANDALF_NUMBER_OF_HITS,
    JGANDALF_NUMBER_OF_ITERATIONS,
    JSHOWERFIT_ENERGY,
    JSTART_LENGTH_METRES,
    JSTART_NPE_MIP,
    JSTART_NPE_MIP_TOTAL,
    JVETO_NPE,
    JVETO_NUMBER_OF_HITS,
}

/// <summary>The outcome of one fit; one object is filled again for every event.</summary>
internal sealed class RecoFit
{
    private readonly float[] _parameters = new float[Enum.GetValues<FitParameter>().Length];

    public ReadOnlySpan<float> Parameters => _parameters;

    public double Energy { get; private set; }

    public Vector Direction { get; private set; }

    public Vector Position { get; private set; }

    /// <summary>Time at the position, in ns in the frame.</summary>
    public double Time { get; private set; }

    public double Likelihood { get; private set; }

    /// <summary>JMuon: the track of the brightest muon, or along the axis of a cascade.</summary>
    public void FitMuon(in LightSource source, Vector centre, double zero, int triggeredHits, EventRandom random)
    {
        double resolution = (source.IsTrack ? 0.1 : 0.8) / Math.Sqrt(triggeredHits);
        var (nearest, time) = source.NearestTo(centre);
        Direction = source.Direction.Smeared(resolution, random);
        Position = nearest.Moved(2, random);
        Time = zero + time + (3 * random.Gauss());
        Energy = source.Energy * Math.Exp(0.4 * random.Gauss());
        Likelihood = triggeredHits * random.Uniform(1.6, 2.4);

        double beta = resolution * random.Uniform(0.8, 1.4);
        Set(FitParameter.JCOPY_Z_M, double.NaN);
        Set(FitParameter.JENERGY_CHI2, 30 + (triggeredHits * random.Uniform(1, 3)));
        Set(FitParameter.JENERGY_ENERGY, Energy);
        Set(FitParameter.JENERGY_MUON_RANGE_METRES, Energy / Water.MuonLoss);
        Set(FitParameter.JENERGY_NDF, 400 + random.Below(2000));
        Set(FitParameter.JENERGY_NOISE_LIKELIHOOD, -20 - (2 * triggeredHits * random.Uniform()));
        Set(FitParameter.JENERGY_NUMBER_OF_HITS, triggeredHits);
        Set(FitParameter.JGANDALF_BETA0_RAD, beta);
        Set(FitParameter.JGANDALF_BETA1_RAD, 0.7 * beta);
        Set(FitParameter.JGANDALF_CHI2, -Likelihood);
        Set(FitParameter.JGANDALF_LAMBDA, Math.Exp(3 * random.Gauss()));
        Set(FitParameter.JGANDALF_NUMBER_OF_HITS, triggeredHits + random.Below(10));
        Set(FitParameter.JGANDALF_NUMBER_OF_ITERATIONS, 4 + random.Below(20));
        Set(FitParameter.JSHOWERFIT_ENERGY, Energy);
        Set(FitParameter.JSTART_LENGTH_METRES, source.Length * random.Uniform(0.5, 1));
        Set(FitParameter.JSTART_NPE_MIP, 3 * random.Uniform());
        Set(FitParameter.JSTART_NPE_MIP_TOTAL, triggeredHits * random.Uniform(0.5, 1));
        Set(FitParameter.JVETO_NPE, 0);
        Set(FitParameter.JVETO_NUMBER_OF_HITS, 0);
    }

    /// <summary>JShowerFit: a point and an axis; what it does not fit is NaN.</summary>
    public void FitShower(in LightSource source, Vector centre, double zero, int triggeredHits, EventRandom random)
    {
        var (nearest, time) = source.NearestTo(centre);
        Direction = source.Direction.Smeared(1 / Math.Sqrt(triggeredHits), random);
        Position = nearest.Moved(1.5, random);
        Time = zero + time + (2 * random.Gauss());
        double fitted = source.Energy * Math.Exp(0.3 * random.Gauss());
        Energy = 1.25 * fitted;
        Likelihood = -triggeredHits * random.Uniform(1.6, 2.8);

        Array.Fill(_parameters, float.NaN);
        Set(FitParameter.JENERGY_ENERGY, fitted);
        Set(FitParameter.JSHOWERFIT_ENERGY, fitted);
        Set(FitParameter.JGANDALF_BETA0_RAD, 0);
        Set(FitParameter.JGANDALF_BETA1_RAD, 0);
        Set(FitParameter.JGANDALF_CHI2, 0);
        Set(FitParameter.JGANDALF_NUMBER_OF_HITS, 0);
    }

    private void Set(FitParameter parameter, double value) => _parameters[(int)parameter] = (float)value;
}

/// <summary>
/// The tables reco/best_jmuon and reco/best_jshower (a row for each event that was fitted) and reco/tracks (a row for each fit).
/// </summary>
internal sealed class RecoTable
{
    /// <summary>Jpp's type of a reconstruction.</summary>
    private const int JppType = 4000;

    private readonly SimulatedColumn<double> _energy;
    private readonly SimulatedColumn<float>[] _parameters;
    private readonly VectorColumns _direction;
    private readonly SimulatedColumn<int>? _id;
    private readonly SimulatedColumn<long>? _idx;
    private readonly SimulatedColumn<double> _length;
    private readonly SimulatedColumn<double> _likelihood;
    private readonly VectorColumns _position;
    private readonly SimulatedColumn<long>? _recType;
    private readonly SimulatedColumn<int>? _recTypeOfTracks;
    private readonly SimulatedColumn<double> _time;
    private readonly SimulatedColumn<long> _groupId;
    private int _rowsOfEvent;

    private RecoTable(string name, bool manyRows)
    {
        Table = new("reco/" + name, "Reco " + name);
        _energy = Table.Column<double>("E");
        _parameters = [.. Enum.GetNames<FitParameter>().Select(Table.Column<float>)];
        _direction = new(Table, "dir");
        if (manyRows)
        {
            _id = Table.Column<int>("id");
            _idx = Table.Column<long>("idx");
        }

        _length = Table.Column<double>("length");
        _likelihood = Table.Column<double>("likelihood");
        _position = new(Table, "pos");
        if (manyRows)
        {
            _recTypeOfTracks = Table.Column<int>("rec_type");
        }
        else
        {
            _recType = Table.Column<long>("rec_type");
        }

        _time = Table.Column<double>("t");
        _groupId = Table.Column<long>("group_id");
    }

    public SimulatedTable Table { get; }

    /// <summary>A table of the best fit of a kind.</summary>
    public static RecoTable Best(string name) => new(name, manyRows: false);

    /// <summary>The table of all fits.</summary>
    public static RecoTable AllTracks() => new("tracks", manyRows: true);

    public void Add(long number, RecoFit fit)
    {
        _energy.Add(fit.Energy);
        for (int parameter = 0; parameter < _parameters.Length; parameter++)
        {
            _parameters[parameter].Add(fit.Parameters[parameter]);
        }

        _direction.Add(fit.Direction);
        _id?.Add(_rowsOfEvent + 1);
        _idx?.Add(_rowsOfEvent);
        _length.Add(0);
        _likelihood.Add(fit.Likelihood);
        _position.Add(fit.Position);
        _recType?.Add(JppType);
        _recTypeOfTracks?.Add(JppType);
        _time.Add(fit.Time);
        _groupId.Add(number);
        _rowsOfEvent++;
    }

    public void EndEvent()
    {
        Table.EndEvent(_rowsOfEvent);
        _rowsOfEvent = 0;
    }
}
