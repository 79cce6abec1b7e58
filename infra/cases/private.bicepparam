using '../main.bicep'

param environmentName = 'private'
param location = 'westeurope'
param managementGroup = 'mg-platform'
param privateNetwork = true
param durableBackend = 'scheduler'
param workspaceId = '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shared'
param signInClientId = '44444444-4444-4444-4444-444444444444'
