package main

import (
	"pulumi-press/sdk/go/press"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		orders, err := press.NewBlockSpec(ctx, "orders", &press.BlockSpecArgs{
			Kind: pulumi.String("workflow"),
			Metadata: &press.SpecMetadataArgs{
				Name:    pulumi.String("daily-orders"),
				Summary: pulumi.String("Adds up the orders of the day."),
			},
			Config: &press.BlockConfigArgs{
				Steps: press.StepMap{
					"sum": &press.StepArgs{
						ImageDetails: &press.ImageDetailsArgs{Id: pulumi.Any(7)},
						Command:      pulumi.String("python sum.py"),
					},
				},
			},
			Parameters: &press.ParametersArgs{
				Run: press.ParameterArray{
					&press.ParameterArgs{
						Name:     pulumi.String("shops"),
						Type:     pulumi.String("string_array"),
						Required: pulumi.Bool(true),
					},
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("release", orders.ReleaseVersion)
		return nil
	})
}
